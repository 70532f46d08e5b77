package dev.latente.tensor;

import java.util.Optional;

/// Chooses how a convolution is done, by rules of sizes; tools/compare/kernels.sh times both ways.
final class Convolution {
  // Below these the transforms take what the products save.
  private static final long LEAST_PRODUCTS = 128L * 128;
  private static final long LEAST_TILES = 40;

  // libtorch lays weights out anew at each call: no matter where there are many pixels or few
  // weights.
  private static final long MOST_PIXELS = 512;
  private static final long LEAST_WEIGHTS = 512L * 512;

  private Convolution() {}

  static org.bytedeco.pytorch.Tensor conv2d(
      Tensor x, Tensor weight, Optional<Tensor> bias, int stride, int padding) {
    return conv2d(x, weight, bias, stride, padding, Optional.empty());
  }

  /// The convolution plus `other`, of the result's shape or `[N, C, 1, 1]`.
  static org.bytedeco.pytorch.Tensor conv2dPlus(
      Tensor x, Tensor weight, Optional<Tensor> bias, int stride, int padding, Tensor other) {
    return NativeBlas.plain(other.handle())
        ? conv2d(x, weight, bias, stride, padding, Optional.of(other.handle()))
        : conv2d(x, weight, bias, stride, padding).add(other.handle());
  }

  private static org.bytedeco.pytorch.Tensor conv2d(
      Tensor x,
      Tensor weight,
      Optional<Tensor> bias,
      int stride,
      int padding,
      Optional<org.bytedeco.pytorch.Tensor> other) {
    var input = x.handle();
    var kernels = weight.handle();
    var shift = bias.map(Tensor::handle);
    if (goesByTiles(x, weight, stride, padding)) {
      var zeros = shift.orElseGet(() -> Native.full(0, weight.size(0)));
      return used(kernels, NativeTiled.conv2d(input, kernels, zeros, other));
    }
    if (Acceleration.on()
        && isPointwise(weight, stride, padding)
        && input.dim() == 4
        && NativeTiled.suits(input, kernels)) {
      return used(kernels, NativeTiled.pointwise(input, kernels, shift, other));
    }
    if (Acceleration.on()
        && other.isEmpty()
        && NativeTiled.suitsHalving(input, kernels, stride, padding)) {
      var zeros = shift.orElseGet(() -> Native.full(0, weight.size(0)));
      return used(kernels, NativeTiled.halved(input, kernels, zeros));
    }
    var y = withoutTiles(x, weight, NativeBlas.ready(input, kernels), shift, stride, padding);
    return other.isPresent() ? NativeBlas.added(y, other.get()) : y;
  }

  /// Whether the processor's unit for tiles of matrices does a convolution of 3×3.
  static boolean goesByTiles(Tensor x, Tensor weight, int stride, int padding) {
    return Acceleration.on()
        && NativeTiled.suitsConvolution(x.handle(), weight.handle(), stride, padding)
        && (manyTiles(x, weight) || fewPixels(x, weight));
  }

  private static org.bytedeco.pytorch.Tensor withoutTiles(
      Tensor x,
      Tensor weight,
      org.bytedeco.pytorch.Tensor kernels,
      Optional<org.bytedeco.pytorch.Tensor> shift,
      int stride,
      int padding) {
    var input = x.handle();
    if (Acceleration.on()) {
      if (NativeWinograd.suits(input, kernels, stride, padding)) {
        if (manyTiles(x, weight)) {
          var zeros = shift.orElseGet(() -> Native.full(0, weight.size(0)));
          return used(kernels, NativeWinograd.conv2d(input, kernels, zeros));
        }
        if (fewPixels(x, weight)) {
          return used(kernels, NativeAffine.surroundings(input, kernels, shift));
        }
      }
      if (isPointwise(weight, stride, padding) && NativeAffine.suitsMap(input, kernels)) {
        return used(kernels, NativeAffine.pointwise(input, kernels, shift));
      }
    }
    return Native.conv2d(input, Widened.forUseWith(input, kernels), shift, stride, padding);
  }

  private static org.bytedeco.pytorch.Tensor used(
      org.bytedeco.pytorch.Tensor weight, org.bytedeco.pytorch.Tensor result) {
    NativeBlas.used(weight);
    return result;
  }

  private static boolean manyTiles(Tensor x, Tensor weight) {
    return NativeWinograd.shape(x.handle(), weight.size(0)).tiles() >= LEAST_TILES
        && weight.size(0) * weight.size(1) >= LEAST_PRODUCTS;
  }

  private static boolean fewPixels(Tensor x, Tensor weight) {
    return x.size(0) * x.size(2) * x.size(3) <= MOST_PIXELS
        && weight.size(0) * weight.size(1) >= LEAST_WEIGHTS;
  }

  private static boolean isPointwise(Tensor weight, int stride, int padding) {
    return weight.size(2) == 1 && weight.size(3) == 1 && stride == 1 && padding == 0;
  }
}
