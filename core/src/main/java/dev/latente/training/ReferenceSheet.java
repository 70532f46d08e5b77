package dev.latente.training;

import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Residuals;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Shows what a reference model in training makes of captions and the pictures that go with them.
///
/// @param input pictures as the image encoder sees them
/// @param scheduler how to sample
record ReferenceSheet(
    ReferenceObjective objective, VisionInput input, SchedulerConfig scheduler, SampleSpace space) {
  private static final int SHOWN = 6;

  /// One picture for each of the first captions of the data; their references in another order than
  /// the captions, so that it shows which of both is followed.
  BufferedImage draw(long seed) {
    int count = Math.min(SHOWN, objective.pairs().data().size());
    SplittableRandom random = new SplittableRandom(seed);
    List<ReferencePairs.Pair> pairs =
        IntStream.range(0, count).mapToObj(i -> objective.pairs().draw(i, random)).toList();
    List<String> prompts = new ArrayList<>();
    long[] shown = new long[2 * count];
    for (int i = 0; i < count; i++) {
      prompts.add(pairs.get(i).caption());
      shown[count + i] = pairs.get((i + 1) % count).reference();
    }
    float[] seen = new float[2 * count];
    Arrays.fill(seen, count, 2 * count, 1);
    Tensor embedded = objective.seen().at(shown).times(Tensor.of(seen, 2L * count, 1));
    Tensor tokens = objective.projection().project(embedded).detached();
    Sampling sampling =
        new Sampling(
            objective.unet(),
            objective.textEncoder(),
            objective.captions(),
            scheduler,
            space::pictures,
            DiffusionTraining.STEPS,
            DiffusionTraining.GUIDANCE,
            looking(tokens));
    return sampling.draw(prompts, seed);
  }

  private Steering looking(Tensor tokens) {
    return new Steering() {
      @Override
      public Residuals at(Tensor x, Tensor timesteps, Tensor text) {
        return Residuals.NONE;
      }

      @Override
      public Conditioning told(Tensor text) {
        return Conditioning.of(text)
            .withReferences(List.of(objective.maps().reference(tokens, _ -> 1)));
      }
    };
  }
}
