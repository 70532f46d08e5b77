package dev.latente.tensor;

import java.util.Optional;

/// Chooses how maps are normalized and activated, by rules of sizes and layouts.
final class Normalization {
  private Normalization() {}

  static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double epsilon) {
    NativeNorm.Form form = new NativeNorm.Form(groups, weight.handle(), bias.handle(), epsilon);
    return Tensor.made(
        "group_norm",
        () -> {
          if (Acceleration.on() && NativeNorm.suits(x.handle(), form)) {
            return NativeNorm.normalized(x.handle(), form, false, false);
          }
          return trained(x, form)
              .map(tape -> NativeTrainedNorm.normalized(tape, x.handle(), form, false))
              .orElseGet(() ->
                  Native.groupNorm(x.handle(), groups, weight.handle(), bias.handle(), epsilon));
        },
        x,
        weight);
  }

  static Tensor groupNormSilu(
      Tensor x, int groups, Tensor weight, Tensor bias, double epsilon, boolean last) {
    NativeNorm.Form form = new NativeNorm.Form(groups, weight.handle(), bias.handle(), epsilon);
    if (Acceleration.on() && NativeNorm.suits(x.handle(), form)) {
      return Tensor.made(
          "group_norm_silu", () -> NativeNorm.normalized(x.handle(), form, true, last), x, weight);
    }
    return trained(x, form)
        .map(tape ->
            Tensor.made(
                "group_norm_silu",
                () -> NativeTrainedNorm.normalized(tape, x.handle(), form, true),
                x,
                weight))
        .orElseGet(() -> x.groupNorm(groups, weight, bias, epsilon).silu());
  }

  /// The tape, if a norm with a gradient can be done by a kernel.
  private static Optional<Tape> trained(Tensor x, NativeNorm.Form form) {
    return Tape.current().filter(_ -> NativeTrainedNorm.suits(x.handle(), form));
  }

  static Tensor scaledSilu(Tensor x, Tensor scale, Tensor shift, boolean last) {
    return Acceleration.on() && NativeNorm.suits(x.handle(), scale.handle(), shift.handle())
        ? Tensor.made(
            "group_norm_silu",
            () -> NativeNorm.scaled(x.handle(), scale.handle(), shift.handle(), last),
            x,
            scale)
        : x.times(scale).plus(shift).silu();
  }
}
