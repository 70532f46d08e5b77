package dev.latente.tensor;

/// Chooses how maps are normalized and activated, by rules of sizes and layouts.
final class Normalization {
  private Normalization() {}

  static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double epsilon) {
    NativeNorm.Form form = new NativeNorm.Form(groups, weight.handle(), bias.handle(), epsilon);
    return Tensor.made(
        "group_norm",
        () ->
            Acceleration.on() && NativeNorm.suits(x.handle(), form)
                ? NativeNorm.normalized(x.handle(), form, false, false)
                : Native.groupNorm(x.handle(), groups, weight.handle(), bias.handle(), epsilon),
        x,
        weight);
  }

  static Tensor groupNormSilu(
      Tensor x, int groups, Tensor weight, Tensor bias, double epsilon, boolean last) {
    NativeNorm.Form form = new NativeNorm.Form(groups, weight.handle(), bias.handle(), epsilon);
    return Acceleration.on() && NativeNorm.suits(x.handle(), form)
        ? Tensor.made(
            "group_norm_silu", () -> NativeNorm.normalized(x.handle(), form, true, last), x, weight)
        : x.groupNorm(groups, weight, bias, epsilon).silu();
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
