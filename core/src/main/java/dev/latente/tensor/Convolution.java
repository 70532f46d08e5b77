package dev.latente.tensor;

import dev.latente.kernel.Winograd;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/// Chooses how a convolution is done, and keeps the weights of those done by Winograd's way.
final class Convolution {
  // Below these the transforms take what the products save: tools/compare/convolutions.sh.
  private static final long LEAST_PRODUCTS = 128L * 128;
  private static final long LEAST_TILES = 48;

  private static final Map<Tensor, Prepared> PREPARED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Convolution() {}

  /// Transformed weights.
  ///
  /// @param version of the weights they were made from: libtorch counts the changes in place
  private record Prepared(org.bytedeco.pytorch.Tensor weights, long version) {
    long bytes() {
      return weights.numel() * Float.BYTES;
    }

    void release() {
      Acceleration.give(bytes());
      weights.releaseReference();
    }
  }

  static org.bytedeco.pytorch.Tensor conv2d(
      Tensor x, Tensor weight, Optional<Tensor> bias, int stride, int padding) {
    if (NativeWinograd.suits(x.handle(), weight.handle(), stride, padding) && pays(x, weight)) {
      Optional<Prepared> prepared = prepared(weight);
      if (prepared.isPresent()) {
        Tensor shift = bias.orElseGet(() -> Tensor.full(0, weight.size(0)));
        return NativeWinograd.conv2d(x.handle(), prepared.get().weights(), shift.handle());
      }
    }
    var wide = Widened.forUseWith(x.handle(), weight.handle());
    return Native.conv2d(x.handle(), wide, bias.map(Tensor::handle), stride, padding);
  }

  private static boolean pays(Tensor x, Tensor weight) {
    return NativeWinograd.shape(x.handle(), weight.size(0)).tiles() >= LEAST_TILES
        && weight.size(0) * weight.size(1) >= LEAST_PRODUCTS;
  }

  private static synchronized Optional<Prepared> prepared(Tensor weight) {
    Prepared known = PREPARED.get(weight);
    long version = weight.handle()._version();
    if (known != null && known.version() == version) {
      return Optional.of(known);
    }
    forget(weight);
    if (!Acceleration.take(Winograd.POINTS * weight.size(0) * weight.size(1) * Float.BYTES)) {
      return Optional.empty();
    }
    var transformed = NativeWinograd.transformed(weight.handle());
    transformed.retainReference();
    Prepared made = new Prepared(transformed, version);
    PREPARED.put(weight, made);
    return Optional.of(made);
  }

  /// Frees what was made of `weight`.
  static void forget(Tensor weight) {
    Prepared known = PREPARED.remove(weight);
    if (known != null) {
      known.release();
    }
  }
}
