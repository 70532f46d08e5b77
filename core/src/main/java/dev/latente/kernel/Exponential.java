package dev.latente.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Powers of two, lane by lane.
final class Exponential {
  // Adding this to a number leaves its nearest integer in the lowest bits: 1.5 · 2^23.
  private static final float TO_INTEGER = 12582912F;
  private static final float LEAST = -126F;
  private static final int MANTISSA_BITS = 23;

  private Exponential() {}

  /// `2^x` for `x` up to 127, with a relative error of at most 3e-7; what would be less than 2^-126
  /// is about 2^-126.
  ///
  /// The whole part of `x` goes into the exponent's bits, the rest, within ±1/2, into a polynomial:
  /// the Taylor series of 2^r, its last terms fitted.
  static FloatVector exp2(FloatVector x) {
    FloatVector bounded = x.max(LEAST);
    FloatVector shifted = bounded.add(TO_INTEGER);
    FloatVector r = bounded.sub(shifted.sub(TO_INTEGER));
    FloatVector p = FloatVector.broadcast(Lanes.SPECIES, 1.3398874e-3F);
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 9.618437e-3F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 5.5503324e-2F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 0.24022648F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 0.6931472F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 1F));
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return p.reinterpretAsInts().add(power).reinterpretAsFloats();
  }
}
