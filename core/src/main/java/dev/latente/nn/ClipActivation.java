package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// The nonlinearity between the two maps of a feed-forward layer of CLIP's transformers.
public enum ClipActivation {
  /// `x σ(1.702 x)`, of OpenAI's CLIP.
  QUICK_GELU,
  /// `x Φ(x)`, exact, of OpenCLIP.
  GELU;

  private static final double QUICK_GELU_SLOPE = 1.702; // Hendrycks & Gimpel (2016), section 2

  /// Of each element.
  Tensor of(Tensor x) {
    return switch (this) {
      case QUICK_GELU -> x.times(x.times(QUICK_GELU_SLOPE).sigmoid());
      case GELU -> x.gelu();
    };
  }
}
