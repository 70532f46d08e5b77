package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// A 2-D convolution.
///
/// @param weight `[Cout, Cin, k, k]`
/// @param bias `[Cout]`
/// @param stride step between outputs, in pixels
/// @param padding zeros added at each side, in pixels
public record Conv2d(Tensor weight, Tensor bias, int stride, int padding) implements Layer {
  /// A convolution of `kernel` × `kernel` pixels that keeps height and width (`kernel` is odd).
  public static Conv2d of(Weights weights, int in, int out, int kernel) {
    return of(weights, in, out, kernel, 1, kernel / 2);
  }

  /// A convolution with any stride and padding.
  public static Conv2d of(Weights weights, int in, int out, int kernel, int stride, int padding) {
    Init init = Init.fanIn((long) in * kernel * kernel);
    return new Conv2d(
        weights.tensor("weight", init, out, in, kernel, kernel),
        weights.tensor("bias", init, out),
        stride,
        padding);
  }

  /// `[N, Cin, H, W]` to `[N, Cout, H', W']`.
  @Override
  public Tensor forward(Tensor x) {
    return x.conv2d(weight, bias, stride, padding);
  }
}
