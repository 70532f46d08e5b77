package dev.latente.lora;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;

/// A weight on the way from plain to changed. Inside one scope.
///
/// Every change is computed from the plain weight, so that the order of several does not matter but
/// for rounding.
public final class Merging {
  private final Tensor plain;
  private final Tensor weight; // f32
  private Tensor sum;

  /// Begins with the weight as it is.
  public Merging(Tensor plain) {
    this.plain = plain;
    this.weight = plain.to(Precision.F32);
    this.sum = weight;
  }

  /// Where the weight is.
  public Device device() {
    return plain.device();
  }

  /// Adds `strength` times `change`.
  public void add(Change change, double strength) {
    sum = sum.plus(change.of(weight).times(strength));
  }

  /// The changed weight, in the precision that is computed in: the plain one may be kept narrower,
  /// in which the change would be lost to rounding.
  public Tensor result(Precision precision) {
    return sum.to(precision);
  }
}
