package dev.latente.kernel;

import java.lang.ref.Reference;
import java.util.stream.IntStream;

/// Convolutions of 3×3 with stride 1 and padding 1 by [Winograd]'s way, whose products are three of
/// their [Halves].
///
/// The error is some 16 times that of the direct way: at most 7e-4 among a million results of
/// variance 1. It is for maps of many pixels, as all weights are transformed at each call. Results
/// do not depend on the number of threads.
final class TiledWinograd {
  private static final int POINTS = WinogradTransform.POINTS;

  // Tiles for which the weights' transform is worth it, and room for these.
  private static final int LEAST_TILES = 256;
  private static final long WEIGHT_ROOM = 64L << 20;

  // Tiles that are multiplied at once, at most; those that one piece of work transforms; and
  // channels of the output at once, at most.
  private static final int TILES = 256;
  private static final int PIECE = 16;
  private static final int CHANNELS = 320;

  // Pixels of the output that another map is added to at once.
  private static final int ROWS = 256;

  // Points are kept apart, so that they do not fall on one cache set.
  private static final int GAP = 320;

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);
  private static final ThreadLocal<WeightColumns> COLUMNS =
      ThreadLocal.withInitial(() -> new WeightColumns(Halves.CHUNK * WinogradTransform.TAPS));

  private TiledWinograd() {}

  /// Whether a convolution is large enough, and its weights small enough.
  static boolean suits(Winograd.Shape shape) {
    long weights = (long) POINTS * shape.in() * shape.out() * Float.BYTES;
    return shape.tiles() >= LEAST_TILES && weights <= WEIGHT_ROOM;
  }

  /// Convolves as [TiledConvolution#convolve], whose parameters these are.
  static void convolve(
      Winograd.Shape shape,
      long x,
      WeightMatrix weight,
      Addends more,
      long y,
      TileProduct product,
      int threads) {
    Parallel parallel = new Parallel(threads);
    int wide = TiledAffine.columns(shape.out(), 1, CHANNELS);
    int most = Math.ceilDiv(shape.tiles(), Math.ceilDiv(shape.tiles(), TILES));
    Workspace workspace = Workspace.ofCaller();
    Domain sizes = new Domain(shape, most, wide, 0);
    Domain domain = new Domain(shape, most, wide, workspace.atLeast(sizes.bytes()));
    try {
      parallel.run(
          shape.out() / Halves.LANES, piece -> domain.weights(weight, piece * Halves.LANES));
      for (int first = 0; first < shape.tiles(); first += most) {
        int count = Math.min(most, shape.tiles() - first);
        TileGrid grid = new TileGrid(shape, first, count);
        int pieces = Math.ceilDiv(count, PIECE);
        parallel.run(
            pieces, piece -> grid.input(piece * PIECE, PIECE, x, domain::split, SCRATCH.get()));
        for (int from = 0; from < shape.out(); from += wide) {
          Channels part = new Channels(from, Math.min(wide, shape.out() - from));
          parallel.run(POINTS, point -> domain.multiply(point, part, count, product));
          parallel.run(
              pieces,
              piece ->
                  grid.output(
                      piece * PIECE,
                      PIECE,
                      part,
                      domain.sums(0),
                      domain.sums(1) - domain.sums(0),
                      more,
                      y,
                      SCRATCH.get()));
        }
      }
      if (more.other() != 0) { // in one walk: a tile's pixels are far apart
        add(
            more.other(),
            y,
            shape.pictures() * shape.height() * shape.width(),
            shape.out(),
            parallel);
      }
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  private static void add(long x, long y, int rows, int channels, Parallel parallel) {
    long bytes = (long) channels * Float.BYTES;
    parallel.run(
        Math.ceilDiv(rows, ROWS),
        piece -> {
          long from = piece * ROWS * bytes;
          long count = Math.min(ROWS, rows - piece * ROWS) * bytes;
          TiledAffine.add(x + from, y + from, y + from, count);
        });
  }

  /// What is in between: of each point the [HalvedRows] of the input `[tiles, in]`, the weights as
  /// [TileProduct] reads them for one part of the channels after another, and sums `[tiles,
  /// channels]`.
  private record Domain(Winograd.Shape shape, int tiles, int wide, long address) {
    private static final TileShape SHAPE = TileShape.HALVES;

    private int steps() {
      return shape.in() / Halves.CHUNK;
    }

    private HalvedRows input(int point) {
      long bytes = HalvedRows.bytes(tiles, shape.in()) + GAP;
      return new HalvedRows(address + point * bytes, tiles, shape.in());
    }

    /// Where the weights for 16 channels, or for more from there on, are.
    private long panel(int point, int channel) {
      long first = input(POINTS).address() + point * (SHAPE.bytes(shape.out(), steps()) + GAP);
      return first + SHAPE.tile(channel, 0, steps());
    }

    long sums(int point) {
      long bytes = (long) SHAPE.padded(tiles) * wide * Float.BYTES;
      return panel(POINTS, 0) + point * (bytes + GAP);
    }

    long bytes() {
      return sums(POINTS) - address;
    }

    /// Splits some tiles from `tile` on, of which `near` has one point after another.
    void split(long near, long bytes, int tile) {
      long row = (long) shape.in() * Float.BYTES;
      for (int point = 0; point < POINTS; point++) {
        HalvedRows rows = input(point);
        for (int i = 0; i < bytes / row; i++) {
          rows.fill(tile + i, near + point * bytes + i * row);
        }
      }
    }

    /// Transforms and splits the weights of 16 channels of the output.
    void weights(WeightMatrix weight, int channel) {
      int taps = WinogradTransform.TAPS;
      Workspace workspace = SCRATCH.get();
      long bytes = (long) Halves.CHUNK * Halves.LANES * Float.BYTES;
      long near = workspace.atLeast(POINTS * bytes + WinogradTransform.scratch(Halves.LANES));
      long scratch = near + POINTS * bytes;
      WeightColumns columns = COLUMNS.get();
      int[] which = IntStream.range(channel, channel + Halves.LANES).toArray();
      for (int step = 0; step < steps(); step++) {
        int first = step * Halves.CHUNK * taps;
        float[] x = columns.of(weight, which, first, Halves.CHUNK * taps);
        for (int k = 0; k < Halves.CHUNK; k++) {
          long to = near + (long) k * Halves.LANES * Float.BYTES;
          WinogradTransform.weights(x, k * taps * Halves.LANES, Halves.LANES, to, bytes, scratch);
        }
        for (int point = 0; point < POINTS; point++) {
          long to = panel(point, channel) + (long) step * SHAPE.stepBytes();
          Halves.columns(near + point * bytes, to, SHAPE.lowHalf());
        }
      }
      Reference.reachabilityFence(workspace);
    }

    void multiply(int point, Channels part, int count, TileProduct product) {
      long weights = panel(point, part.from());
      product.multiply(input(point).times(SHAPE, weights, part.count(), count, sums(point), false));
    }
  }
}
