package dev.latente.vae;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Stage.Step;
import java.util.ArrayList;
import java.util.List;

/// Takes a map through stages, tile by tile.
///
/// Each tile is computed with as much of its surroundings as the stages see, so that tiles meet as
/// the whole map's parts do. The norms' means and variances, which depend on all of the map, are
/// measured once, on a copy of the map that is as small as a tile, and used for every tile: there
/// is no seam, and the colours of the whole are a little off, evenly. Stages whose map is small
/// enough are not parted, since what they give whole is exact.
///
/// @param stages all of one step
/// @param side of a tile in the coarsest map, in pixels
/// @param budget a stage that needs fewer bytes than this for a picture is not parted
record TiledRun(List<Stage> stages, long side, long budget) {
  static final long USUAL_BUDGET = 9L << 28; // 2.25 GiB: Stable Diffusion's at 1024x1024

  /// `x` `[N, C, H, W]` through all of `stages`.
  static Tensor forward(List<Stage> stages, Tiling tiling, Tensor x) {
    return switch (tiling) {
      case Tiling.Whole _ -> Block.chain(stages, x, Norms.OWN);
      case Tiling.Tiles(int side) ->
          stages.isEmpty()
              ? x
              : new TiledRun(stages, side >> stages.size(), USUAL_BUDGET).forward(x);
    };
  }

  Tensor forward(Tensor x) {
    int whole = unparted(x);
    if (stages.getFirst().step() == Step.UP) {
      long wider = side << whole; // pixels of the map that the first of the others sees
      Tensor h = Block.chain(stages.subList(0, whole), x, Norms.OWN);
      return new TiledRun(stages.subList(whole, stages.size()), wider, budget).parted(h);
    }
    int parted = stages.size() - whole;
    Tensor h = new TiledRun(stages.subList(0, parted), side << whole, budget).parted(x);
    return Block.chain(stages.subList(parted, stages.size()), h, Norms.OWN);
  }

  /// How many stages on the coarse side need not be parted; the finest always is. That is decided
  /// for one picture, as a picture must not depend on its neighbours in a batch.
  private int unparted(Tensor x) {
    List<Stage> coarseFirst = stages.getFirst().step() == Step.UP ? stages : stages.reversed();
    long pixels = coarse(Region.all(x)).height() * coarse(Region.all(x)).width();
    int whole = 0;
    while (whole < stages.size() - 1) {
      pixels *= 4;
      if (Tiling.bytes(coarseFirst.get(whole).channels(), pixels) > budget) {
        break;
      }
      whole++;
    }
    return whole;
  }

  private Tensor parted(Tensor x) {
    return tiles(x).size() == 1 ? Block.chain(stages, x, Norms.OWN) : parted(x, measured(x));
  }

  /// The result, put together of tiles that `norms` normalize.
  Tensor parted(Tensor x, Norms norms) {
    List<Region> tiles = tiles(x);
    List<Tensor> rows = new ArrayList<>();
    List<Tensor> row = new ArrayList<>();
    for (int i = 0; i < tiles.size(); i++) {
      Region tile = tiles.get(i);
      row.add(Scope.tidy(() -> run(stages.size(), x, needed(x, tile), norms).contiguous()));
      if (i == tiles.size() - 1 || tiles.get(i + 1).left() == 0) {
        rows.add(Tensor.concat(3, row.toArray(Tensor[]::new)));
        row.clear();
      }
    }
    return Tensor.concat(2, rows.toArray(Tensor[]::new));
  }

  /// The parts of the coarsest map, row after row.
  private List<Region> tiles(Tensor x) {
    List<Region> tiles = new ArrayList<>();
    Region all = coarse(Region.all(x));
    for (long top = 0; top < all.bottom(); top += side) {
      for (long left = 0; left < all.right(); left += side) {
        tiles.add(new Region(top, left, top + side, left + side).within(all));
      }
    }
    return tiles;
  }

  /// A part of the input as a part of the coarsest map.
  private Region coarse(Region input) {
    Region part = input;
    for (Stage stage : stages) {
      part = stage.step() == Step.DOWN ? part.halved() : part;
    }
    return part;
  }

  /// Norms that know what a copy of the map as large as a tile has.
  private Norms measured(Tensor x) {
    Region all = coarse(Region.all(x));
    long scale = x.size(2) / all.height();
    SharedNorms norms = new SharedNorms();
    try (Scope _ = Scope.open()) {
      long height = scale * Math.min(side, all.height());
      long width = scale * Math.min(side, all.width());
      Block.chain(stages, x.upsampleNearest(height, width), norms.measuring());
    }
    return norms;
  }

  /// The map after the first `count` stages: of it the part that the next one needs.
  private Tensor run(int count, Tensor x, List<Region> needed, Norms norms) {
    if (count == 0) {
      return needed.getFirst().of(x);
    }
    Stage stage = stages.get(count - 1);
    Region have = stage.result(needed.get(count - 1));
    return Scope.tidy(() -> {
      Tensor after = stage.forward(run(count - 1, x, needed, norms), norms);
      return needed.get(count).from(have).of(after);
    });
  }

  /// What of each stage's input, and of the last one's result, `tile` depends on.
  private List<Region> needed(Tensor x, Region tile) {
    List<Region> sizes = new ArrayList<>(List.of(Region.all(x)));
    Region target = tile;
    for (Stage stage : stages) {
      sizes.add(stage.result(sizes.getLast()));
      target = stage.step() == Step.UP ? target.doubled() : target;
    }
    List<Region> needed = new ArrayList<>(List.of(target));
    for (int i = stages.size() - 1; i >= 0; i--) {
      needed.addFirst(stages.get(i).needed(needed.getFirst()).within(sizes.get(i)));
    }
    return needed;
  }
}
