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

  /// `2^x` for `x` up to 127, with a relative error of at most 2e-7; what would be less than 2^-126
  /// is about 2^-126.
  ///
  /// The whole part of `x` goes into the exponent's bits, the rest, within ±1/2, into a polynomial
  /// of the fifth degree, fitted so that its greatest relative error is least, with 1 at 0.
  static FloatVector exp2(FloatVector x) {
    return exp2(x, 0);
  }

  /// `2^(x - whole)`, as the other.
  ///
  /// @param whole a whole number within ±2^22
  static FloatVector exp2(FloatVector x, float whole) {
    float least = LEAST + whole;
    float toInteger = TO_INTEGER - whole; // exact
    FloatVector bounded = x.blend(least, x.compare(VectorOperators.LT, least)); // faster than max
    FloatVector shifted = bounded.add(toInteger);
    FloatVector r = bounded.sub(shifted.sub(toInteger));
    FloatVector p = FloatVector.broadcast(Lanes.SPECIES, 1.3264727e-3F);
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 9.671513e-3F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 5.5507336e-2F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 0.24022242F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 0.693147F));
    p = p.fma(r, FloatVector.broadcast(Lanes.SPECIES, 1F));
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return p.reinterpretAsInts().add(power).reinterpretAsFloats();
  }

  /// `2^less` for a whole number that is not above zero.
  static float power(float less) {
    return less < LEAST ? 0 : Float.intBitsToFloat(((int) less - (int) LEAST + 1) << MANTISSA_BITS);
  }
}
