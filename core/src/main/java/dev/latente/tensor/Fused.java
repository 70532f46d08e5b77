package dev.latente.tensor;

/// Operations that are several in one, so that what lies between them need not be kept.
public final class Fused {
  private Fused() {}

  /// GEGLU: `x` mapped to values and gates, and the values times the gelu of the gates. [Shazeer
  /// (2020)](https://arxiv.org/abs/2002.05202).
  ///
  /// @param x `[…, in]`
  /// @param weight `[2 · out, in]`, of the values first
  /// @param bias `[2 · out]`
  /// @return `[…, out]`
  public static Tensor geglu(Tensor x, Tensor weight, Tensor bias) {
    return Tensor.made("geglu", () -> Linears.geglu(x, weight, bias), x, weight);
  }
}
