package dev.latente.pipeline;

import java.util.Map;

/// How a model looks at reference pictures without a reference model.
///
/// @param fidelity for models that look through their own network: from 0, the prompt counts more,
///   to 1, the pictures count more
/// @param colours for models that look through their own network: how much each estimate takes on
///   the mean and the contrast of the pictures' latents, channel by channel, 0 (not at all, as
///   diffusers' pipeline) to 1: adaptive instance normalisation, [Huang and Belongie
///   (2017)](https://arxiv.org/abs/1703.06868), equation 8
/// @param noise for models made for pictures (unCLIP): how noisy the picture's embedding is made, 0
///   to 999; more noise gives more varied pictures
public record ReferenceOptions(double fidelity, double colours, int noise) {
  /// What diffusers and A1111's extension begin with.
  public static final double USUAL_FIDELITY = 0.5;

  /// The most noise: as many levels as models are trained with, less 1.
  public static final int MAX_NOISE = 999;

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public ReferenceOptions {
    if (!(fidelity >= 0 && fidelity <= 1)) {
      throw new IllegalArgumentException("reference fidelity must be from 0 to 1: " + fidelity);
    }
    if (!(colours >= 0 && colours <= 1)) {
      throw new IllegalArgumentException("reference colours must be from 0 to 1: " + colours);
    }
    if (noise < 0 || noise > MAX_NOISE) {
      throw new IllegalArgumentException(
          "reference noise must be from 0 to %d: %d".formatted(MAX_NOISE, noise));
    }
  }

  /// Half the fidelity, no colours and no noise.
  public static ReferenceOptions usual() {
    return new ReferenceOptions(USUAL_FIDELITY, 0, 0);
  }

  /// The same with another fidelity.
  public ReferenceOptions withFidelity(double other) {
    return new ReferenceOptions(other, colours, noise);
  }

  /// The same with another share of the pictures' colours.
  public ReferenceOptions withColours(double share) {
    return new ReferenceOptions(fidelity, share, noise);
  }

  /// The same with another level of noise.
  public ReferenceOptions withNoise(int level) {
    return new ReferenceOptions(fidelity, colours, level);
  }

  /// Puts what is not usual among a picture's parameters.
  void note(Map<String, String> values) {
    if (fidelity != USUAL_FIDELITY) {
      values.put("Reference fidelity", GeneratedImage.plain(fidelity));
    }
    if (colours != 0) {
      values.put("Reference colours", GeneratedImage.plain(colours));
    }
    if (noise != 0) {
      values.put("Reference noise", Integer.toString(noise));
    }
  }
}
