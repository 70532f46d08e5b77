package dev.latente.kernel;

import dev.latente.kernel.TileProduct.Series;
import java.lang.ref.Reference;

/// Convolutions of 3×3 with stride 1 and padding 1 by [Winograd]'s way, whose products are three of
/// their [Halves], or of the numbers themselves.
///
/// Of halves the error is some 16 times that of the direct way: at most 7e-4 among a million
/// results of variance 1. All weights are transformed at each call. With many tiles that is done
/// first, and then a thread makes the products of a point; with few a thread transforms some
/// weights at a time, which stay in the cache beside its core, and makes the products of all
/// points. Results do not depend on the number of threads.
final class TiledWinograd {
  private static final int POINTS = WinogradTransform.POINTS;

  // Tiles from which on the weights are transformed first, and room for these.
  private static final int MANY_TILES = 256;
  private static final long WEIGHT_ROOM = 64L << 20;

  // Tiles that are multiplied at once, at most; those that one piece of work transforms; and
  // channels of the output at once, at most.
  private static final int TILES = 256;
  private static final int PIECE = 16;
  private static final int CHANNELS = 320;

  // Of few tiles: how many are multiplied at once, at most; channels of the output at once; and
  // steps of weights at once.
  private static final int FEW_TILES = 128;
  private static final int FEW_CHANNELS = 32;
  private static final int STEPS = 4;

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);
  private static final ThreadLocal<Workspace> NEAR = ThreadLocal.withInitial(Workspace::new);

  private TiledWinograd() {}

  /// Whether a convolution is large enough.
  static boolean suits(Winograd.Shape shape, TileNumbers form) {
    return shape.tiles() >= form.rows();
  }

  private static boolean hasMany(Winograd.Shape shape) {
    long weights = (long) POINTS * shape.in() * shape.out() * Float.BYTES;
    return shape.tiles() >= MANY_TILES && weights <= WEIGHT_ROOM;
  }

  /// Convolves as [TiledConvolution#convolve], whose parameters these are.
  static void convolve(
      Winograd.Shape shape,
      long x,
      WeightMatrix weight,
      Addends more,
      long y,
      MachineCode code,
      int threads) {
    Parallel parallel = new Parallel(threads);
    Work work = new Work(shape, x, weight, more, y, code);
    if (hasMany(shape)) {
      work.many(parallel);
    } else {
      work.few(parallel);
    }
  }

  private static int most(int tiles, int room) {
    return Math.ceilDiv(tiles, Math.ceilDiv(tiles, room));
  }

  /// A convolution. Its numbers are those of [TiledConvolution#convolve].
  private record Work(
      Winograd.Shape shape, long x, WeightMatrix weight, Addends more, long y, MachineCode code) {
    void many(Parallel parallel) {
      int wide = TiledAffine.columns(shape.out(), 1, CHANNELS);
      int most = most(shape.tiles(), TILES);
      Workspace workspace = Workspace.ofCaller();
      Domain domain = Domain.of(shape, most, wide, 0);
      domain = Domain.of(shape, most, wide, workspace.atLeast(domain.bytes()));
      WinogradInput input = domain.input();
      WinogradPanel panel = domain.panel();
      try {
        parallel.run(
            shape.out() / Halves.LANES,
            piece -> {
              int channel = piece * Halves.LANES;
              panel.fill(weight, channel, channel, 0, code);
            });
        for (int first = 0; first < shape.tiles(); first += most) {
          int count = Math.min(most, shape.tiles() - first);
          TileGrid grid = new TileGrid(shape, first, count);
          int pieces = Math.ceilDiv(count, PIECE);
          parallel.run(
              pieces,
              piece -> grid.input(piece * PIECE, PIECE, x, input, code.pixels(), SCRATCH.get()));
          for (int from = 0; from < shape.out(); from += wide) {
            Channels part = new Channels(from, Math.min(wide, shape.out() - from));
            Sums sums = domain.sums();
            parallel.run(
                POINTS,
                point ->
                    code.product()
                        .multiply(
                            input
                                .rows(point)
                                .times(
                                    WinogradPanel.SHAPE,
                                    panel.of(point, part.from()),
                                    part.count(),
                                    count,
                                    sums.of(point),
                                    false)));
            parallel.run(
                pieces,
                piece ->
                    grid.output(
                        piece * PIECE,
                        PIECE,
                        part,
                        sums.address(),
                        sums.apart(),
                        more,
                        y,
                        code.pixels(),
                        SCRATCH.get()));
          }
        }
      } finally {
        Reference.reachabilityFence(workspace);
      }
    }

    void few(Parallel parallel) {
      int most = most(shape.tiles(), FEW_TILES);
      Workspace workspace = Workspace.ofCaller();
      long room = new WinogradInput(most, shape.in(), 0).bytes();
      WinogradInput input = new WinogradInput(most, shape.in(), workspace.atLeast(room));
      try {
        for (int first = 0; first < shape.tiles(); first += most) {
          TileGrid grid = new TileGrid(shape, first, Math.min(most, shape.tiles() - first));
          parallel.run(
              Math.ceilDiv(grid.count(), PIECE),
              piece -> grid.input(piece * PIECE, PIECE, x, input, code.pixels(), SCRATCH.get()));
          parallel.run(
              Math.ceilDiv(shape.out(), FEW_CHANNELS),
              piece -> {
                Channels part = new Channels(piece * FEW_CHANNELS, FEW_CHANNELS);
                few(grid, part, input);
              });
        }
      } finally {
        Reference.reachabilityFence(workspace);
      }
    }

    /// Makes some channels of the output.
    private void few(TileGrid grid, Channels part, WinogradInput input) {
      int steps = shape.in() / Halves.CHUNK;
      WinogradPanel room = new WinogradPanel(0, part.count(), Math.min(STEPS, steps));
      Workspace workspace = NEAR.get();
      long near = workspace.atLeast(room.bytes() + new Sums(0, grid.count(), part.count()).bytes());
      Sums sums = new Sums(near + room.bytes(), grid.count(), part.count());
      for (int step = 0; step < steps; step += STEPS) {
        WinogradPanel panel = new WinogradPanel(near, part.count(), Math.min(STEPS, steps - step));
        for (int column = 0; column < part.count(); column += Halves.LANES) {
          panel.fill(weight, part.from() + column, column, step, code);
        }
        Series series = new Series(POINTS, input.apart(), panel.apart(), sums.apart());
        code.product()
            .multiply(
                input
                    .rows(0)
                    .times(
                        step * Halves.CHUNK,
                        panel.steps() * Halves.CHUNK,
                        panel.address(),
                        grid.count(),
                        sums.address(),
                        series));
      }
      grid.output(
          0,
          grid.count(),
          part,
          sums.address(),
          sums.apart(),
          more,
          y,
          code.pixels(),
          SCRATCH.get());
      Reference.reachabilityFence(workspace);
    }
  }

  /// Sums of each point, `[tiles, channels]`.
  private record Sums(long address, int tiles, int channels) {
    long apart() {
      long bytes = (long) WinogradPanel.SHAPE.padded(tiles) * channels * Float.BYTES;
      return bytes + WinogradPanel.GAP;
    }

    long of(int point) {
      return address + point * apart();
    }

    long bytes() {
      return POINTS * apart();
    }
  }

  /// What is in between.
  private record Domain(WinogradInput input, WinogradPanel panel, Sums sums) {
    static Domain of(Winograd.Shape shape, int tiles, int wide, long address) {
      WinogradInput input = new WinogradInput(tiles, shape.in(), address);
      WinogradPanel panel =
          new WinogradPanel(address + input.bytes(), shape.out(), shape.in() / Halves.CHUNK);
      return new Domain(input, panel, new Sums(panel.address() + panel.bytes(), tiles, wide));
    }

    long bytes() {
      return input.bytes() + panel.bytes() + sums.bytes();
    }
  }
}
