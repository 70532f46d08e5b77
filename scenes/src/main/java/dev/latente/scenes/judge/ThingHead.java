package dev.latente.scenes.judge;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Init;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Thing;
import dev.latente.tensor.Tensor;

/// Looks for each kind of thing: where in the picture to look, then what is seen there.
///
/// Each kind has a map of attention over the picture, which also tells the thing's coordinates;
/// what it pools is read by the same maps for all kinds.
record ThingHead(
    Conv2d attention,
    Linear seen,
    Linear context,
    Tensor kinds,
    Linear presence,
    Linear colour,
    Linear place) {
  private static final int KINDS = Thing.values().length;
  private static final int COORDINATES = 2;

  /// What is found of each kind of thing, as scores before softmax or sigmoid.
  ///
  /// @param attention how much each cell is looked at, `[N, kinds, cells]`, summing to 1
  /// @param presence `[N, kinds]`
  /// @param colour `[N, kinds, colours]`, meaningful where the thing is present
  /// @param place `[N, kinds, places]`, likewise
  record Scores(Tensor attention, Tensor presence, Tensor colour, Tensor place) {}

  static ThingHead of(Weights weights, int channels, int features, int hidden) {
    return new ThingHead(
        Conv2d.of(weights.at("attention"), channels, KINDS, 1),
        Linear.of(weights.at("seen"), channels + COORDINATES, hidden),
        Linear.withoutBias(weights.at("context"), features, hidden),
        weights.tensor("kinds", Init.normal(0.1), KINDS, hidden),
        Linear.of(weights.at("presence"), hidden, 1),
        Linear.of(weights.at("colour"), hidden, Colour.values().length),
        Linear.of(weights.at("place"), hidden, Place.values().length));
  }

  /// The scores of pictures whose maps are `map` `[N, C, H, W]` and whose features are `features`
  /// `[N, F]`.
  Scores forward(Tensor map, Tensor features) {
    long n = map.size(0);
    long cells = map.size(2) * map.size(3);
    Tensor where = attention.forward(map).reshape(n, KINDS, cells).softmax(-1);
    Tensor values = Tensor.concat(1, map, coordinates(n, map.size(2), map.size(3)));
    Tensor pooled = where.matmul(values.reshape(n, -1, cells).transpose(1, 2)); // [N, kinds, C + 2]
    Tensor whole = context.forward(features).reshape(n, 1, -1);
    Tensor h = seen.forward(pooled).plus(whole).plus(kinds).silu();
    return new Scores(
        where, presence.forward(h).reshape(n, KINDS), colour.forward(h), place.forward(h));
  }

  /// The column and the row of each cell, -1 to 1: `[n, 2, height, width]`.
  private static Tensor coordinates(long n, long height, long width) {
    return Tensor.concat(
        1,
        steps(width).reshape(1, 1, 1, width).expand(n, 1, height, width),
        steps(height).reshape(1, 1, height, 1).expand(n, 1, height, width));
  }

  private static Tensor steps(long count) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (2 * i + 1f) / count - 1;
    }
    return Tensor.of(values, count);
  }
}
