package dev.latente.training;

import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.vision.ClipVisionEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// What an image encoder should do: tell which caption of a batch belongs to which of its pictures.
///
/// [Radford et al. (2021)](https://arxiv.org/abs/2103.00020), figure 3. The text encoder does not
/// learn.
///
/// @param encoder learns
/// @param head makes vectors of captions; learns too
/// @param logScale logarithm of what the vectors' cosines are multiplied by, `[1]`; learns too
record ContrastiveObjective(
    ClipVisionEncoder encoder,
    CaptionHead head,
    Tensor logScale,
    ClipTextEncoder text,
    Captions captions,
    VisionInput input,
    int batch,
    long seed)
    implements Objective {
  /// ibid., section 2.5: where scales begin, and the most.
  static final double FIRST_LOG_SCALE = Math.log(1 / 0.07);

  private static final double GREATEST_LOG_SCALE = Math.log(100);
  private static final int WORDING = 1;
  private static final double EPSILON = 1e-6;

  @Override
  public Tensor loss(long step) {
    Tensor scores = scores(step);
    Tensor right = Tensor.of(LongStream.range(0, batch).toArray(), batch);
    return scores
        .crossEntropy(right)
        .plus(scores.transpose(0, 1).crossEntropy(right))
        .mean()
        .times(0.5);
  }

  /// How well each picture of the batch of `step` (row) goes with each caption: `[N, N]`.
  Tensor scores(long step) {
    int[] chosen = Seeds.batch(seed, step, batch, input.pictures().folder().size());
    SplittableRandom random = Seeds.random(seed, step, WORDING);
    List<ImageFolder.Entry> entries = input.pictures().folder().entries();
    List<String> texts =
        Arrays.stream(chosen).mapToObj(i -> Captions.wording(entries.get(i), 0, random)).toList();
    Tensor seen = unit(encoder.embed(input.at(chosen)));
    Tensor read = unit(head.forward(text.encode(captions.ids(texts))));
    return seen.matmul(read.transpose(0, 1)).times(logScale.clamp(0, GREATEST_LOG_SCALE).exp());
  }

  private static Tensor unit(Tensor vectors) {
    return vectors.dividedBy(vectors.square().sum(1).plus(EPSILON).sqrt().reshape(-1, 1));
  }
}
