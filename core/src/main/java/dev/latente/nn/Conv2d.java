package dev.latente.nn;

import dev.latente.tensor.Fused;
import dev.latente.tensor.Tensor;
import java.util.Optional;

/// A 2-D convolution.
///
/// @param weight `[Cout, Cin, kH, kW]`
/// @param bias `[Cout]`, if it has one
/// @param stride distance between two windows, in pixels
/// @param padding zeros added at each side, in pixels
public record Conv2d(Tensor weight, Optional<Tensor> bias, int stride, int padding)
    implements Layer {
  /// A convolution of `kernel` × `kernel` pixels that keeps height and width (`kernel` is odd).
  public static Conv2d of(Weights weights, int in, int out, int kernel) {
    return of(weights, in, out, kernel, 1, kernel / 2);
  }

  /// A convolution with any stride and padding.
  public static Conv2d of(Weights weights, int in, int out, int kernel, int stride, int padding) {
    Conv2d plain = withoutBias(weights, in, out, kernel, stride, padding);
    Tensor bias = weights.tensor("bias", init(in, kernel), out);
    return new Conv2d(plain.weight, Optional.of(bias), stride, padding);
  }

  /// A convolution without a bias.
  public static Conv2d withoutBias(
      Weights weights, int in, int out, int kernel, int stride, int padding) {
    Tensor weight = weights.matrix("weight", init(in, kernel), out, in, kernel, kernel);
    return new Conv2d(weight, Optional.empty(), stride, padding);
  }

  private static Init init(int in, int kernel) {
    return Init.fanIn((long) in * kernel * kernel);
  }

  /// `[N, Cin, H, W]` to `[N, Cout, H', W']`.
  @Override
  public Tensor forward(Tensor x) {
    return x.conv2d(weight, bias, stride, padding);
  }

  /// As [#forward], plus `other`, `[N, Cout, H', W']` or `[N, Cout, 1, 1]`.
  public Tensor forwardPlus(Tensor x, Tensor other) {
    return Fused.conv2dPlus(x, weight, bias, stride, padding, other);
  }
}
