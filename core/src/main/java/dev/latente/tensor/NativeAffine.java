package dev.latente.tensor;

import dev.latente.kernel.Affine;
import dev.latente.kernel.Kernels;
import dev.latente.kernel.Patches;
import dev.latente.kernel.Winograd;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Linear maps by [Affine], and convolutions that are linear maps, with OpenBLAS's products.
///
/// libtorch's `linear` runs on one thread here, as OpenBLAS does.
final class NativeAffine {
  // Below this many multiplications a call into libtorch costs less.
  private static final long LEAST = 1L << 22;

  private NativeAffine() {}

  /// Whether `x` `[…, in]` can be mapped by `weight` `[out, in]` this way, and it pays.
  static boolean suits(Tensor x, Tensor weight) {
    return Kernels.available()
        && x.dim() >= 2
        && weight.size(0) % Affine.LANES == 0
        && x.numel() * weight.size(0) >= LEAST
        && NativeBlas.plain(x)
        && NativeBlas.plainWeight(weight);
  }

  /// Whether `weight` `[2 · out, in]` gives values and gates that can be had this way.
  static boolean suitsGates(Tensor x, Tensor weight) {
    return suits(x, weight) && weight.size(0) % (2L * Affine.LANES) == 0;
  }

  /// Whether a map `x` `[N, in, H, W]` can be mapped pixel by pixel by `weight` `[out, in, 1, 1]`.
  static boolean suitsMap(Tensor x, Tensor weight) {
    return x.dim() == 4 && suits(x, weight);
  }

  /// `x · weightᵀ + bias`.
  static Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    Tensor rows = x.contiguous();
    Affine.Size size = size(rows, weight.size(0));
    Tensor y = NativeBlocks.fresh(shape(x, weight.size(0)));
    Affine.map(
        size,
        rows.data_ptr().address(),
        NativeBlas.rows(weight),
        bias.orElseGet(() -> torch.zeros(size.out())).data_ptr().address(),
        y.data_ptr().address(),
        NativeBlas::multiply,
        Native.threads());
    return y;
  }

  /// Values times the gelu of their gates; `weight` is `[2 · out, in]`, of the values first.
  static Tensor gated(Tensor x, Tensor weight, Tensor bias) {
    Tensor rows = x.contiguous();
    long out = weight.size(0) / 2;
    Tensor y = NativeBlocks.fresh(shape(x, out));
    Affine.gated(
        size(rows, out),
        rows.data_ptr().address(),
        NativeBlas.rows(weight),
        bias.data_ptr().address(),
        y.data_ptr().address(),
        NativeBlas::multiply,
        Native.threads());
    return y;
  }

  /// The convolution of `x` `[N, in, H, W]` with `weight` `[out, in, 1, 1]`, channels last.
  static Tensor pointwise(Tensor x, Tensor weight, Optional<Tensor> bias) {
    Tensor pixels = Native.channelsLast(x).permute(0, 2, 3, 1);
    return linear(pixels, weight.view(weight.size(0), weight.size(1)), bias).permute(0, 3, 1, 2);
  }

  /// The convolution of `x` `[N, in, H, W]` with `weight` `[out, in, 3, 3]`, stride 1 and padding
  /// 1, channels last.
  static Tensor surroundings(Tensor x, Tensor weight, Optional<Tensor> bias) {
    Tensor laidOut = Native.channelsLast(x);
    Winograd.Shape shape = NativeWinograd.shape(x, weight.size(0));
    long width = weight.numel() / weight.size(0);
    Tensor patches = NativeBlocks.fresh(shape.pictures(), shape.height(), shape.width(), width);
    Patches.of(shape, laidOut.data_ptr().address(), patches.data_ptr().address(), Native.threads());
    return linear(patches, weight.view(weight.size(0), width), bias).permute(0, 3, 1, 2);
  }

  static Affine.Size size(Tensor x, long out) {
    long in = x.size(-1);
    return new Affine.Size(
        Math.toIntExact(x.numel() / in), Math.toIntExact(in), Math.toIntExact(out));
  }

  static long[] shape(Tensor x, long out) {
    long[] shape = Native.shape(x);
    shape[shape.length - 1] = out;
    return shape;
  }
}
