package dev.latente.scenes.judge;

import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Thing;
import dev.latente.tensor.Tensor;
import dev.latente.training.Objective;
import dev.latente.training.Seeds;
import java.util.List;
import java.util.function.ToIntFunction;

/// What the judge should do: name what rendered scenes show.
///
/// The sum of the cross-entropies of all attributes; colour and place count only for things that
/// are there.
record JudgeObjective(
    JudgeNetwork network, RenderedScenes data, Distortion distortion, int batch, long seed)
    implements Objective {
  private static final int DISTORTION = 1;
  private static final double LEAST = 1e-8; // keeps the logarithm finite
  private static final int KINDS = Thing.values().length;

  @Override
  public Tensor loss(long step) {
    int[] chosen = Seeds.batch(seed, step, batch, data.size());
    Tensor pictures = data.distorted(distortion, Seeds.random(seed, step, DISTORTION), chosen);
    return loss(network.forward(pictures), data.scenes(chosen), data.whereabouts(chosen));
  }

  static Tensor loss(
      JudgeNetwork.Scores scores, List<Scene> scenes, List<List<Whereabouts>> whereabouts) {
    Tensor whole =
        scores
            .time()
            .crossEntropy(classes(scenes, scene -> scene.time().ordinal()))
            .plus(scores.ground().crossEntropy(classes(scenes, scene -> scene.ground().ordinal())))
            .plus(scores.manner().crossEntropy(classes(scenes, scene -> scene.manner().ordinal())));
    return whole
        .plus(things(scores.things(), scenes))
        .plus(looking(scores.things().attention(), scenes, whereabouts));
  }

  private static Tensor things(ThingHead.Scores scores, List<Scene> scenes) {
    int count = scenes.stream().mapToInt(scene -> scene.things().size()).sum();
    float[] present = new float[scenes.size() * KINDS];
    long[] rows = new long[count];
    long[] colours = new long[count];
    long[] places = new long[count];
    int i = 0;
    for (int n = 0; n < scenes.size(); n++) {
      for (Placed placed : scenes.get(n).things()) {
        int row = n * KINDS + placed.thing().ordinal();
        present[row] = 1;
        rows[i] = row;
        colours[i] = placed.colour().ordinal();
        places[i] = placed.place().ordinal();
        i++;
      }
    }
    Tensor where = Tensor.of(rows, count);
    Tensor presence =
        binaryCrossEntropy(scores.presence(), Tensor.of(present, scenes.size(), KINDS));
    return presence
        .times(KINDS)
        .plus(rows(scores.colour(), where).crossEntropy(Tensor.of(colours, count)))
        .plus(rows(scores.place(), where).crossEntropy(Tensor.of(places, count)));
  }

  /// The cross-entropy of attention `[N, kinds, cells]`, in the mean of all things.
  private static Tensor looking(
      Tensor attention, List<Scene> scenes, List<List<Whereabouts>> whereabouts) {
    int cells = (int) attention.size(2);
    float[] target = new float[scenes.size() * KINDS * cells];
    int count = 0;
    for (int n = 0; n < scenes.size(); n++) {
      for (Placed placed : scenes.get(n).things()) {
        float[] shares = whereabouts.get(n).get(scenes.get(n).things().indexOf(placed)).shares();
        int row = n * KINDS + placed.thing().ordinal();
        System.arraycopy(shares, 0, target, row * cells, cells);
        count++;
      }
    }
    Tensor logs = attention.plus(LEAST).log();
    return logs.times(Tensor.of(target, attention.shape())).sum().times(-1.0 / count);
  }

  private static Tensor rows(Tensor scores, Tensor rows) {
    return scores.reshape(-1, scores.size(2)).select(0, rows);
  }

  /// `-y·log p - (1 - y)·log(1 - p)` with `p = sigmoid(s)`, in the form that does not overflow.
  private static Tensor binaryCrossEntropy(Tensor s, Tensor y) {
    Tensor tail = s.abs().times(-1).exp().plus(1).log();
    return s.relu().minus(s.times(y)).plus(tail).mean();
  }

  private static Tensor classes(List<Scene> scenes, ToIntFunction<Scene> label) {
    return Tensor.of(
        scenes.stream().mapToLong(scene -> label.applyAsInt(scene)).toArray(), scenes.size());
  }
}
