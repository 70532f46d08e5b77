package dev.latente.training;

import dev.latente.tensor.Tensor;
import java.util.List;

/// What a network should do that learns autoguidance: tell what its teacher tells, and `excess` of
/// the difference to a weaker model more, wherever there is a caption.
///
/// The target has no noise of its own, other than that of [DiffusionObjective], and so is learned
/// from far fewer samples.
///
/// @param student learns; it begins as a copy of the teacher
/// @param weaker knows less of the same
/// @param excess 0 for none. Guidance by prompts multiplies what depends on the prompt, and so this
record AutoguidedObjective(
    CaptionedNetworks student,
    CaptionedNetworks teacher,
    CaptionedNetworks weaker,
    double excess,
    NoisyBatch.Maker batches,
    SnrWeighting weighting,
    Emphasis emphasis)
    implements Objective {

  @Override
  public Tensor loss(long step) {
    NoisyBatch batch = batches.at(step);
    Tensor error = student.estimate(batch).minus(target(batch).detached());
    return batches.loss(batch, error, weighting, emphasis);
  }

  /// What the student should give for `batch`, `[N, C, H, W]`.
  Tensor target(NoisyBatch batch) {
    Tensor strong = teacher.estimate(batch);
    Tensor weak = weaker.estimate(batch);
    return strong.plus(strong.minus(weak).times(shares(batch.captions())));
  }

  /// How much of the difference is added for each caption, `[N, 1, 1, 1]`.
  private Tensor shares(List<String> captions) {
    float[] shares = new float[captions.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = captions.get(i).isEmpty() ? 0 : (float) excess;
    }
    return Tensor.of(shares, shares.length, 1, 1, 1);
  }
}
