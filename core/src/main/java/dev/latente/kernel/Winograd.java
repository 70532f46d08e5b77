package dev.latente.kernel;

import java.lang.ref.Reference;

/// Convolutions of 3×3 with stride 1 and padding 1 by Winograd's way, F(4×4, 3×3): 36
/// multiplications where the direct way has 144 (Lavin & Gray, 2016, [section
/// 4](https://arxiv.org/abs/1509.09308)).
///
/// In f32 its error is some ten times the direct way's: at most 1e-4 where the output has a
/// variance of 1. Results do not depend on the number of threads.
public final class Winograd {
  /// Both numbers of channels must be a multiple of this.
  public static final int LANES = WinogradTransform.LANE_COUNT;

  /// Rows of the matrix for the weights' transform.
  public static final int POINTS = WinogradTransform.POINTS;

  /// Columns of it.
  public static final int TAPS = 9;

  // Transformed tiles at once: enough for the products to be fast, and few enough for the cache.
  private static final int TILES = 256;

  // Tiles that one piece of work transforms.
  private static final int PIECE = 16;

  // Rows of one point's numbers are kept apart, so that the points do not fall on one cache set.
  private static final int GAP = 80 * Float.BYTES;

  private static final double[][] G = {
    {1 / 4d, 0, 0},
    {-1 / 6d, -1 / 6d, -1 / 6d},
    {-1 / 6d, 1 / 6d, -1 / 6d},
    {1 / 24d, 1 / 12d, 1 / 6d},
    {1 / 24d, -1 / 12d, 1 / 6d},
    {0, 0, 1}
  };

  private static final ThreadLocal<Workspace> DOMAIN = ThreadLocal.withInitial(Workspace::new);
  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);

  private Winograd() {}

  /// What a convolution is of.
  ///
  /// @param pictures N
  /// @param height H
  /// @param width W
  /// @param in channels of the input
  /// @param out channels of the output
  public record Shape(int pictures, int height, int width, int in, int out) {
    private int down() {
      return Math.ceilDiv(height, WinogradTransform.OUT);
    }

    private int across() {
      return Math.ceilDiv(width, WinogradTransform.OUT);
    }

    /// Pieces of 4×4 pixels that the output is made of.
    public int tiles() {
      return pictures * down() * across();
    }
  }

  /// The matrix `[36, 9]` that takes the nine taps of a 3×3 weight to the 36 numbers of `G g Gᵀ`.
  public static float[] weightTransform() {
    float[] matrix = new float[POINTS * TAPS];
    for (int point = 0; point < POINTS; point++) {
      for (int tap = 0; tap < TAPS; tap++) {
        double value = G[point / 6][tap / 3] * G[point % 6][tap % 3];
        matrix[point * TAPS + tap] = (float) value;
      }
    }
    return matrix;
  }

  /// Convolves.
  ///
  /// @param shape with channels that are multiples of [#LANES]
  /// @param x address of `[N, H, W, in]`
  /// @param weight address of the transformed weights `[36, out, in]`
  /// @param bias address of `[out]`
  /// @param y address of `[N, H, W, out]`, overwritten
  /// @param product how to multiply
  /// @param threads how many may be used
  public static void convolve(
      Shape shape, long x, long weight, long bias, long y, Product product, int threads) {
    Parallel parallel = new Parallel(threads);
    int tiles = shape.tiles();
    int blocks = Math.ceilDiv(tiles, TILES);
    int most = Math.ceilDiv(tiles, blocks);
    long inStride = (long) most * shape.in() * Float.BYTES + GAP;
    long outStride = (long) most * shape.out() * Float.BYTES + GAP;
    Workspace domain = DOMAIN.get();
    long v = domain.atLeast(POINTS * (inStride + outStride));
    long m = v + POINTS * inStride;
    for (int block = 0; block < blocks; block++) {
      int first = block * most;
      int count = Math.min(most, tiles - first);
      int pieces = Math.ceilDiv(count, PIECE);
      TileGrid grid = new TileGrid(shape, first, count);
      parallel.run(
          pieces, piece -> grid.input(piece * PIECE, PIECE, x, v, inStride, SCRATCH.get()));
      parallel.run(
          POINTS,
          point ->
              product.multiply(
                  count,
                  shape.in(),
                  shape.out(),
                  v + point * inStride,
                  weight + (long) point * shape.in() * shape.out() * Float.BYTES,
                  m + point * outStride));
      parallel.run(
          pieces, piece -> grid.output(piece * PIECE, PIECE, m, outStride, bias, y, SCRATCH.get()));
    }
    Reference.reachabilityFence(domain);
  }

  /// The tiles `first` to `first + count` of a picture's.
  private record TileGrid(Shape shape, int first, int count) {
    void input(int from, int pieces, long x, long v, long stride, Workspace scratch) {
      long row = (long) shape.in() * Float.BYTES;
      long work = scratch.atLeast(WinogradTransform.SCRATCH + row);
      long zeros = work + WinogradTransform.SCRATCH;
      WinogradTransform.clear(zeros, row);
      long[] pixels = new long[POINTS];
      for (int tile = from; tile < Math.min(count, from + pieces); tile++) {
        address(tile, WinogradTransform.IN, 1, x, row, zeros, pixels);
        WinogradTransform.input(pixels, v + tile * row, stride, shape.in(), work);
      }
    }

    void output(int from, int pieces, long m, long stride, long bias, long y, Workspace scratch) {
      long row = (long) shape.out() * Float.BYTES;
      long work = scratch.atLeast(WinogradTransform.SCRATCH + row);
      long nowhere = work + WinogradTransform.SCRATCH;
      long[] pixels = new long[WinogradTransform.OUT * WinogradTransform.OUT];
      for (int tile = from; tile < Math.min(count, from + pieces); tile++) {
        address(tile, WinogradTransform.OUT, 0, y, row, nowhere, pixels);
        WinogradTransform.output(m + tile * row, stride, pixels, shape.out(), bias, work);
      }
    }

    /// The addresses of a tile's pixels; `outside` for those that are not in the picture.
    private void address(
        int tile, int side, int padding, long start, long row, long outside, long[] pixels) {
      int index = first + tile;
      int perPicture = shape.down() * shape.across();
      long picture = start + (long) (index / perPicture) * shape.height() * shape.width() * row;
      int top = index % perPicture / shape.across() * WinogradTransform.OUT - padding;
      int left = index % shape.across() * WinogradTransform.OUT - padding;
      for (int i = 0; i < side; i++) {
        int h = top + i;
        for (int j = 0; j < side; j++) {
          int w = left + j;
          boolean inside = h >= 0 && h < shape.height() && w >= 0 && w < shape.width();
          pixels[i * side + j] = inside ? picture + ((long) h * shape.width() + w) * row : outside;
        }
      }
    }
  }
}
