package dev.latente.pipeline;

import dev.latente.tensor.Tensor;
import java.util.Optional;

/// One text as a U-Net sees it.
///
/// @param hidden states of all encoders side by side, `[1, L, D]`
/// @param pooled one vector for the whole text, `[1, P]`, if the U-Net is told that
record EncodedText(Tensor hidden, Optional<Tensor> pooled) {
  /// The same sizes, all zeros.
  EncodedText zeros() {
    return new EncodedText(zeros(hidden), pooled.map(EncodedText::zeros));
  }

  private static Tensor zeros(Tensor x) {
    return Tensor.full(0, x.shape()).like(x);
  }

  /// How many tokens it has, with those that pad.
  long length() {
    return hidden.size(1);
  }
}
