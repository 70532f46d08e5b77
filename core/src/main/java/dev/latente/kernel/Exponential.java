package dev.latente.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Powers of two, lane by lane.
final class Exponential {
  // Adding this to a number leaves its nearest integer in the lowest bits: 1.5 · 2^23.
  static final float TO_INTEGER = 12582912F;
  static final float LEAST = -126F;
  static final int MANTISSA_BITS = 23;

  // Of the polynomial, which begins with 1.
  static final float FIRST = 0.693147F;
  static final float SECOND = 0.24022242F;
  static final float THIRD = 5.5507336e-2F;
  static final float FOURTH = 9.671513e-3F;
  static final float FIFTH = 1.3264727e-3F;

  private Exponential() {}

  /// `2^x` for `x` up to 127, with a relative error of at most 2e-7; what would be less than 2^-126
  /// is about 2^-126.
  ///
  /// The whole part of `x` goes into the exponent's bits, the rest, within ±1/2, into a polynomial
  /// of the fifth degree, fitted so that its greatest relative error is least, with 1 at 0.
  static FloatVector exp2(FloatVector x) {
    FloatVector bounded = x.blend(LEAST, x.compare(VectorOperators.LT, LEAST)); // faster than max
    FloatVector shifted = bounded.add(TO_INTEGER);
    FloatVector r = bounded.sub(shifted.sub(TO_INTEGER));
    FloatVector p = FloatVector.broadcast(Lanes.SPECIES, FIFTH);
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, FOURTH));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, THIRD));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, SECOND));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, FIRST));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 1F));
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return p.reinterpretAsInts().add(power).reinterpretAsFloats();
  }
}
