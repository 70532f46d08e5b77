package dev.latente.tensor;

import java.util.Optional;

/// Chooses how linear maps and attention are done, by rules of sizes; tools/compare/kernels.sh
/// times both ways.
final class Linears {
  private Linears() {}

  static org.bytedeco.pytorch.Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    return linear(x, weight.handle(), bias, Optional.empty());
  }

  /// The map plus `other`, of the result's shape.
  static org.bytedeco.pytorch.Tensor linearPlus(
      Tensor x, Tensor weight, Optional<Tensor> bias, Tensor other) {
    var more = other.handle();
    return NativeBlas.plain(more)
        ? linear(x, weight.handle(), bias, Optional.of(more))
        : linear(x, weight.handle(), bias, Optional.empty()).add(more);
  }

  private static org.bytedeco.pytorch.Tensor linear(
      Tensor x,
      org.bytedeco.pytorch.Tensor weight,
      Optional<Tensor> bias,
      Optional<org.bytedeco.pytorch.Tensor> other) {
    var shift = bias.map(Tensor::handle);
    if (Acceleration.on() && NativeTiled.suits(x.handle(), weight)) {
      var y = NativeTiled.linear(x.handle(), weight, shift, other);
      NativeBlas.used(weight);
      return y;
    }
    var y = withoutTiles(x, NativeBlas.ready(x.handle(), weight), shift);
    return other.isPresent() ? NativeBlas.added(y, other.get()) : y;
  }

  private static org.bytedeco.pytorch.Tensor withoutTiles(
      Tensor x, org.bytedeco.pytorch.Tensor matrix, Optional<org.bytedeco.pytorch.Tensor> shift) {
    if (Acceleration.on() && NativeAffine.suits(x.handle(), matrix)) {
      var y = NativeAffine.linear(x.handle(), matrix, shift);
      NativeBlas.used(matrix);
      return y;
    }
    return flowing(x.handle(), matrix, shift);
  }

  /// A map that no kernel without a gradient does.
  private static org.bytedeco.pytorch.Tensor flowing(
      org.bytedeco.pytorch.Tensor x,
      org.bytedeco.pytorch.Tensor weight,
      Optional<org.bytedeco.pytorch.Tensor> bias) {
    return Tape.current()
        .filter(_ -> NativeTrainedLinear.suits(x, weight))
        .map(tape -> NativeTrainedLinear.linear(tape, x, weight, bias))
        .orElseGet(() -> Native.linear(x, weight, bias.orElse(null)));
  }

  static org.bytedeco.pytorch.Tensor geglu(Tensor x, Tensor weight, Tensor bias) {
    if (Acceleration.on() && NativeTiled.suitsGates(x.handle(), weight.handle())) {
      var y = NativeTiled.gated(x.handle(), weight.handle(), bias.handle());
      NativeBlas.used(weight.handle());
      return y;
    }
    var matrix = NativeBlas.ready(x.handle(), weight.handle());
    if (Acceleration.on() && NativeAffine.suitsGates(x.handle(), matrix)) {
      var y = NativeAffine.gated(x.handle(), matrix, bias.handle());
      NativeBlas.used(matrix);
      return y;
    }
    var both = flowing(x.handle(), matrix, Optional.of(bias.handle()));
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
