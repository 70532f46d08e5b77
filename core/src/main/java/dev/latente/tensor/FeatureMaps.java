package dev.latente.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Operations on `[N, C, H, W]` that change height and width, for networks that see pictures.
public final class FeatureMaps {
  private FeatureMaps() {}

  /// How values between pixels are found.
  public enum Interpolation {
    /// From the 2×2 pixels around; a pixel is a square.
    BILINEAR,
    /// From the 2×2 pixels around; a pixel is a point, and the corners stay where they are.
    BILINEAR_CORNERS,
    /// From the 4×4 pixels around, Keys' cubic with a = -0.75; a pixel is a square.
    BICUBIC
  }

  /// `x` at another size, without averaging where it shrinks.
  public static Tensor resize(Tensor x, long height, long width, Interpolation how) {
    long[] size = {height, width};
    DoubleOptional none = new DoubleOptional();
    return switch (how) {
      case BILINEAR ->
          Tensor.made(
              "upsample_bilinear2d",
              () -> torch.upsample_bilinear2d(x.handle(), size, false, none, none),
              x);
      case BILINEAR_CORNERS ->
          Tensor.made(
              "upsample_bilinear2d",
              () -> torch.upsample_bilinear2d(x.handle(), size, true, none, none),
              x);
      case BICUBIC ->
          Tensor.made(
              "upsample_bicubic2d",
              () -> torch.upsample_bicubic2d(x.handle(), size, false, none, none),
              x);
    };
  }

  /// `x` shrunk by averaging squares of `size`; sides are rounded up, and what of a square lies
  /// outside does not count.
  public static Tensor averagePool(Tensor x, int size) {
    long[] square = {size, size};
    long[] none = {0, 0};
    return Tensor.made(
        "avg_pool2d",
        () -> torch.avg_pool2d(x.handle(), square, square, none, true, true, new LongOptional()),
        x);
  }

  /// The largest of each square of `size`, every `stride` pixels.
  public static Tensor maxPool(Tensor x, int size, int stride) {
    return Tensor.made(
        "max_pool2d",
        () ->
            torch.max_pool2d(
                x.handle(),
                new long[] {size, size},
                new long[] {stride, stride},
                new long[] {0, 0},
                new long[] {1, 1},
                false),
        x);
  }

  /// 2-D convolution with `weight` `[Cout, Cin, k, k]`, without a bias and without padding.
  public static Tensor convolution(Tensor x, Tensor weight, int stride) {
    return Tensor.made(
        "conv2d",
        () ->
            torch.conv2d(
                x.handle(),
                weight.handle(),
                new TensorOptional(),
                new long[] {stride, stride},
                new long[] {0, 0},
                new long[] {1, 1},
                1),
        x,
        weight);
  }

  /// `x` made `k` times larger: each pixel becomes a square of `k`×`k`, by `weight` `[Cin, Cout, k,
  /// k]` and `bias` `[Cout]`.
  public static Tensor transposedConvolution(Tensor x, Tensor weight, Tensor bias) {
    long[] stride = {weight.size(2), weight.size(3)};
    return Tensor.made(
        "conv_transpose2d",
        () ->
            torch.conv_transpose2d(
                x.handle(),
                weight.handle(),
                new TensorOptional(bias.handle()),
                stride,
                new long[] {0, 0},
                new long[] {0, 0},
                1,
                1,
                1),
        x,
        weight);
  }
}
