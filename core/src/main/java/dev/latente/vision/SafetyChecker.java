package dev.latente.vision;

import dev.latente.image.Picture;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Says whether a picture is too close to one of some concepts, as the makers of a model chose
/// them.
///
/// CLIP embeds the picture, and the cosine of the angle to each concept's vector is compared with
/// that concept's threshold; some "special care" concepts make the others stricter. It errs in both
/// directions: [Rando et al. (2022)](https://arxiv.org/abs/2210.04610). Names follow the diffusers
/// checkpoint (`StableDiffusionSafetyChecker`).
public final class SafetyChecker {
  /// How many concepts the published checkers have; theirs alone can be loaded.
  public static final int CONCEPTS = 17;

  /// How many concepts of special care.
  public static final int SPECIAL = 3;

  /// What a special concept that is met adds to the scores of all others.
  private static final double ADJUSTMENT = 0.01;

  private final ClipVisionEncoder encoder;
  private final ClipImageProcessor processor;
  private final Concepts special;
  private final Concepts concepts;

  /// Vectors of concepts `[K, P]`, and the cosine from which on a picture counts as showing one.
  private record Concepts(Tensor embeds, Tensor thresholds) {
    static Concepts of(Weights weights, String name, int count, int width) {
      return new Concepts(
          weights.tensor(name, Init.ONES, count, width),
          weights.tensor(name + "_weights", Init.ONES, count));
    }

    /// How far `embedded` `[1, P]` is beyond each threshold.
    double[] excess(Tensor embedded) {
      float[] cosines =
          unit(embedded).matmul(unit(embeds).transpose(0, 1)).to(Precision.F32).toFloatArray();
      float[] least = thresholds.to(Precision.F32).toFloatArray();
      double[] excess = new double[cosines.length];
      for (int i = 0; i < excess.length; i++) {
        excess[i] = (double) cosines[i] - least[i];
      }
      return excess;
    }

    private static Tensor unit(Tensor rows) {
      return rows.dividedBy(rows.square().sum(-1).sqrt());
    }
  }

  /// What the checker thinks of a picture.
  ///
  /// @param special the numbers of the special concepts that are met
  /// @param concepts the numbers of the others that are met
  public record Verdict(List<Integer> special, List<Integer> concepts) {
    /// Whether the picture is not to be shown.
    public boolean flagged() {
      return !concepts.isEmpty();
    }
  }

  private SafetyChecker(
      ClipVisionEncoder encoder,
      ClipImageProcessor processor,
      Concepts special,
      Concepts concepts) {
    this.encoder = encoder;
    this.processor = processor;
    this.special = special;
    this.concepts = concepts;
  }

  /// Builds the checker from `weights`: `vision_model`, `visual_projection` and the concepts.
  public static SafetyChecker of(
      Weights weights, ClipVisionConfig config, ClipImageProcessor processor) {
    int width = config.projectionDim();
    return new SafetyChecker(
        ClipVisionEncoder.of(weights, config),
        processor,
        Concepts.of(weights, "special_care_embeds", SPECIAL, width),
        Concepts.of(weights, "concept_embeds", CONCEPTS, width));
  }

  /// Looks at `picture`.
  public Verdict look(Picture picture) {
    try (Scope _ = Scope.open()) {
      Tensor pixels = processor.pixels(List.of(picture)).to(special.embeds().device());
      Tensor embedded = encoder.embed(pixels); // [1, P]
      List<Integer> care = met(special.excess(embedded), 0, ADJUSTMENT);
      double stricter = care.isEmpty() ? 0 : ADJUSTMENT;
      List<Integer> all = met(concepts.excess(embedded), stricter, stricter);
      return new Verdict(care, all);
    }
  }

  /// Those above zero when rounded to three decimals, as diffusers does.
  ///
  /// @param first added to the scores up to the first that is met
  /// @param then added to those after it
  private static List<Integer> met(double[] excess, double first, double then) {
    List<Integer> met = new ArrayList<>();
    for (int i = 0; i < excess.length; i++) {
      double adjustment = met.isEmpty() ? first : then;
      if (Math.rint((excess[i] + adjustment) * 1000) > 0) {
        met.add(i);
      }
    }
    return met;
  }
}
