package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Thing;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class JudgeObjectiveTest {
  private static final Whereabouts IN_TWO_CELLS =
      new Whereabouts(new float[] {0.25f, 0, 0, 0, 0, 0.75f, 0, 0, 0});

  private static double crossEntropy(float[] scores, int from, int count, int right) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.exp(scores[i]);
    }
    return Math.log(sum) - scores[from + right];
  }

  @Test
  void theLossIsTheSumOfTheAttributesCrossEntropies() {
    List<Scene> scenes = LongStream.range(0, 12).mapToObj(Scene::random).toList();
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(7);
      int n = scenes.size();
      Tensor time = noise.normal(n, 4).times(3);
      Tensor ground = noise.normal(n, 5).times(3);
      Tensor manner = noise.normal(n, 5).times(3);
      Tensor attention = noise.normal(n, 8, 9).times(2).softmax(-1);
      Tensor presence = noise.normal(n, 8).times(5);
      Tensor colour = noise.normal(n, 8, 8).times(3);
      Tensor place = noise.normal(n, 8, 3).times(3);
      var scores =
          new JudgeNetwork.Scores(
              noise.normal(n, 2),
              time,
              ground,
              manner,
              new ThingHead.Scores(attention, presence, colour, place));
      List<List<Whereabouts>> whereabouts =
          scenes.stream()
              .map(scene -> scene.things().stream().map(_ -> IN_TWO_CELLS).toList())
              .toList();
      double whole = 0;
      double present = 0;
      double parts = 0;
      int things = 0;
      for (int i = 0; i < n; i++) {
        Scene scene = scenes.get(i);
        whole += crossEntropy(time.toFloatArray(), 4 * i, 4, scene.time().ordinal());
        whole += crossEntropy(ground.toFloatArray(), 5 * i, 5, scene.ground().ordinal());
        whole += crossEntropy(manner.toFloatArray(), 5 * i, 5, scene.manner().ordinal());
        for (Thing thing : Thing.values()) {
          int row = 8 * i + thing.ordinal();
          double p = 1 / (1 + Math.exp(-presence.toFloatArray()[row]));
          present -= Math.log(shows(scene, thing) ? p : 1 - p);
        }
        for (Placed placed : scene.things()) {
          int row = 8 * i + placed.thing().ordinal();
          parts += crossEntropy(colour.toFloatArray(), 8 * row, 8, placed.colour().ordinal());
          parts += crossEntropy(place.toFloatArray(), 3 * row, 3, placed.place().ordinal());
          parts -= 0.25 * Math.log(attention.toFloatArray()[9 * row]);
          parts -= 0.75 * Math.log(attention.toFloatArray()[9 * row + 5]);
          things++;
        }
      }
      double expected = (whole + present) / n + parts / things;
      // f32 rounding of sums of some hundred terms
      assertThat(JudgeObjective.loss(scores, scenes, whereabouts).item())
          .isCloseTo(expected, within(1e-4));
    }
  }

  private static boolean shows(Scene scene, Thing thing) {
    return scene.things().stream().anyMatch(placed -> placed.thing() == thing);
  }
}
