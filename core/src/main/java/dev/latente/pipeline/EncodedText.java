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

  /// The same with its last state repeated up to `length` tokens.
  EncodedText paddedTo(long length) {
    long missing = length - length();
    if (missing == 0) {
      return this;
    }
    Tensor last = hidden.slice(1, length() - 1, length());
    Tensor more = last.expand(1, missing, hidden.size(2));
    return new EncodedText(Tensor.concat(1, hidden, more), pooled);
  }

  /// How many tokens it has, with those that pad.
  long length() {
    return hidden.size(1);
  }
}
