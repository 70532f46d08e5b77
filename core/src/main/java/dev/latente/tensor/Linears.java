package dev.latente.tensor;

import java.util.Optional;

/// Chooses how linear maps and attention are done, by rules of sizes; tools/compare/kernels.sh
/// times both ways.
final class Linears {
  private Linears() {}

  static org.bytedeco.pytorch.Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    var matrix = NativeBlas.ready(x.handle(), weight.handle());
    return linear(x, matrix, bias, Optional.empty());
  }

  /// The map plus `other`, of the result's shape.
  static org.bytedeco.pytorch.Tensor linearPlus(
      Tensor x, Tensor weight, Optional<Tensor> bias, Tensor other) {
    var matrix = NativeBlas.ready(x.handle(), weight.handle());
    if (!NativeBlas.plain(other.handle())) {
      return linear(x, matrix, bias, Optional.empty()).add(other.handle());
    }
    return linear(x, matrix, bias, Optional.of(other.handle()));
  }

  private static org.bytedeco.pytorch.Tensor linear(
      Tensor x,
      org.bytedeco.pytorch.Tensor matrix,
      Optional<Tensor> bias,
      Optional<org.bytedeco.pytorch.Tensor> other) {
    var shift = bias.map(Tensor::handle);
    if (Acceleration.on() && NativeTiled.suits(x.handle(), matrix)) {
      var y = NativeTiled.linear(x.handle(), matrix, shift, other);
      NativeBlas.used(matrix);
      return y;
    }
    var y = withoutTiles(x, matrix, shift);
    return other.isPresent() ? NativeBlas.added(y, other.get()) : y;
  }

  private static org.bytedeco.pytorch.Tensor withoutTiles(
      Tensor x, org.bytedeco.pytorch.Tensor matrix, Optional<org.bytedeco.pytorch.Tensor> shift) {
    if (Acceleration.on() && NativeAffine.suits(x.handle(), matrix)) {
      var y = NativeAffine.linear(x.handle(), matrix, shift);
      NativeBlas.used(matrix);
      return y;
    }
    return Native.linear(x.handle(), matrix, shift.orElse(null));
  }

  static org.bytedeco.pytorch.Tensor geglu(Tensor x, Tensor weight, Tensor bias) {
    var matrix = NativeBlas.ready(x.handle(), weight.handle());
    if (Acceleration.on() && NativeTiled.suitsGates(x.handle(), matrix)) {
      var y = NativeTiled.gated(x.handle(), matrix, bias.handle());
      NativeBlas.used(matrix);
      return y;
    }
    if (Acceleration.on() && NativeAffine.suitsGates(x.handle(), matrix)) {
      var y = NativeAffine.gated(x.handle(), matrix, bias.handle());
      NativeBlas.used(matrix);
      return y;
    }
    var both = Native.linear(x.handle(), matrix, bias.handle());
    long out = weight.size(0) / 2;
    return both.narrow(-1, 0, out).mul(Native.gelu(both.narrow(-1, out, out)));
  }

  static org.bytedeco.pytorch.Tensor attention(
      Tensor q, Tensor keys, Tensor values, boolean causal) {
    var k = keys.handle();
    var v = values.handle();
    return !causal && Acceleration.on() && NativeAttention.suits(q.handle(), k, v)
        ? NativeAttention.attend(q.handle(), k, v)
        : Native.attention(q.handle(), k, v, causal);
  }
}
