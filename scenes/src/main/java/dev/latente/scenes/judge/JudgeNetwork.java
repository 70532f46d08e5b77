package dev.latente.scenes.judge;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.TimeOfDay;
import dev.latente.tensor.Tensor;

/// A convolutional network that tells what a picture of the drawn world shows.
///
/// Things are looked for in the map of the second level, the whole picture's attributes in the mean
/// of the third.
record JudgeNetwork(
    JudgeLevel quarter,
    JudgeLevel eighth,
    JudgeLevel sixteenth,
    Linear time,
    Linear ground,
    Linear manner,
    ThingHead things) {

  /// What is found in pictures, as scores before softmax or sigmoid.
  ///
  /// @param features `[N, F]`
  /// @param time `[N, times]`
  /// @param ground `[N, grounds]`
  /// @param manner `[N, manners]`
  record Scores(
      Tensor features, Tensor time, Tensor ground, Tensor manner, ThingHead.Scores things) {}

  static JudgeNetwork of(Weights weights, JudgeConfig config) {
    int c0 = config.channels().get(0);
    int c1 = config.channels().get(1);
    int c2 = config.channels().get(2);
    Weights w0 = weights.at("quarter");
    Weights w1 = weights.at("eighth");
    Weights w2 = weights.at("sixteenth");
    return new JudgeNetwork(
        JudgeLevel.of(w0, Conv2d.of(w0.at("entry"), 3, c0, 4, 4, 0), c0, config.blocks().get(0)),
        JudgeLevel.of(w1, Conv2d.of(w1.at("entry"), c0, c1, 3, 2, 1), c1, config.blocks().get(1)),
        JudgeLevel.of(w2, Conv2d.of(w2.at("entry"), c1, c2, 3, 2, 1), c2, config.blocks().get(2)),
        Linear.of(weights.at("time"), c2, TimeOfDay.values().length),
        Linear.of(weights.at("ground"), c2, Ground.values().length),
        Linear.of(weights.at("manner"), c2, Manner.values().length),
        ThingHead.of(weights.at("things"), c1, c2, config.hidden()));
  }

  /// The scores of `pictures` `[N, 3, S, S]`, -1 (black) to 1 (white).
  Scores forward(Tensor pictures) {
    Tensor map = eighth.forward(quarter.forward(pictures)); // [N, C1, S/8, S/8]
    Tensor features = sixteenth.forward(map).mean(2, 3).reshape(pictures.size(0), -1);
    return new Scores(
        features,
        time.forward(features),
        ground.forward(features),
        manner.forward(features),
        things.forward(map, features));
  }
}
