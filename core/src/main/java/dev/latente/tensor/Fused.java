package dev.latente.tensor;

import java.util.Optional;

/// Operations that are several in one, so that what lies between them need not be kept.
///
/// Some are told that an operand is used for the last time. Then the result may be written over it,
/// and it must have no other user; where gradients flow nothing is written over.
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

  /// [Tensor#linear], plus `other`.
  ///
  /// @param x `[…, in]`
  /// @param weight `[out, in]`
  /// @param bias `[out]`
  /// @param other `[…, out]`
  public static Tensor linearPlus(Tensor x, Tensor weight, Optional<Tensor> bias, Tensor other) {
    return Tensor.made(
        "linear", () -> Linears.linearPlus(x, weight, bias, other), x, weight, other);
  }

  /// [Tensor#conv2d], plus `other`.
  ///
  /// @param x `[N, Cin, H, W]`
  /// @param weight `[Cout, Cin, k, k]`
  /// @param bias `[Cout]`
  /// @param other `[N, Cout, H', W']`, as the result, or `[N, Cout, 1, 1]`
  public static Tensor conv2dPlus(
      Tensor x, Tensor weight, Optional<Tensor> bias, int stride, int padding, Tensor other) {
    return Tensor.made(
        "conv2d",
        () -> Convolution.conv2dPlus(x, weight, bias, stride, padding, other),
        x,
        weight,
        other);
  }

  /// [Tensor#groupNorm], then SiLU.
  ///
  /// @param x `[N, C, H, W]`
  /// @param weight scale of each channel, `[C]`
  /// @param bias shift of each channel, `[C]`
  /// @param epsilon added to each variance
  /// @param last whether nothing else uses `x`, now or later
  public static Tensor groupNormSilu(
      Tensor x, int groups, Tensor weight, Tensor bias, double epsilon, boolean last) {
    return Normalization.groupNormSilu(x, groups, weight, bias, epsilon, last);
  }

  /// The SiLU of `x · scale + shift`: a group norm of known means and variances.
  ///
  /// @param x `[N, C, H, W]`
  /// @param scale of each channel of each sample, `[N, C, 1, 1]`
  /// @param shift as `scale`
  /// @param last whether nothing else uses `x`, now or later
  public static Tensor scaledSilu(Tensor x, Tensor scale, Tensor shift, boolean last) {
    return Normalization.scaledSilu(x, scale, shift, last);
  }

  /// `x + other`, broadcasting to the shape of `x`, which nothing else uses, now or later.
  public static Tensor added(Tensor x, Tensor other) {
    return NativeBlas.plain(x.handle()) && NativeBlas.plain(other.handle())
        ? Tensor.made("add", () -> Native.addTo(x.handle(), other.handle()), x, other)
        : x.plus(other);
  }
}
