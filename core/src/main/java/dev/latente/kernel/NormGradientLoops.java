package dev.latente.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The inner loops of [NormGradient], short ones, as those of [NormLoops].
final class NormGradientLoops {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final float LOG2_E = 1.442695F;
  private static final float MOST = 126F; // 2^126: the sigmoid's least is about 1e-38

  private NormGradientLoops() {}

  /// What is done to each channel's numbers before the SiLU: `(x · unit + offset) · weight + bias`.
  ///
  /// @param units address of `[2, C]`: units, then offsets
  /// @param weight address of `[C]`
  /// @param bias address of `[C]`
  /// @param row bytes of a pixel
  record Lines(long units, long weight, long bias, long row) {}

  /// Writes `dy` times the SiLU's derivative, `s · (1 + z · (1 - s))` with `s` the sigmoid of `z`.
  static void silu(long x, long dy, int vectors, Lines lines, long dz) {
    long units = lines.units;
    long offsets = units + lines.row;
    long weight = lines.weight;
    long bias = lines.bias;
    long row = lines.row;
    long at = 0;
    for (int i = 0; i < vectors; i++) {
      long offset = (long) i * Lanes.BYTES;
      FloatVector n =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + offset, ORDER)
              .fma(
                  FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, units + at, ORDER),
                  FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, offsets + at, ORDER));
      FloatVector z =
          n.fma(
              FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, weight + at, ORDER),
              FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, bias + at, ORDER));
      FloatVector power = z.mul(-LOG2_E);
      power = power.blend(MOST, power.compare(VectorOperators.GT, MOST));
      FloatVector e = Exponential.exp2(power);
      FloatVector plus = e.add(1F); // s = 1 / plus, 1 - s = e / plus
      FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, dy + offset, ORDER)
          .mul(e.div(plus).mul(z).add(1F))
          .div(plus)
          .intoMemorySegment(Lanes.MEMORY, dz + offset, ORDER);
      at += Lanes.BYTES;
      at = at == row ? 0 : at;
    }
  }

  /// Adds `dz`, and `dz` times the normalized numbers.
  ///
  /// @param units address of `[2, C]`: what normalizes `x`
  /// @param row bytes of a pixel
  /// @param sums address of `[2, C]`
  static void sums(long dz, long x, int pixels, long units, long row, long sums) {
    for (long at = 0; at < row; at += Lanes.BYTES) {
      FloatVector unit =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, units + at, ORDER);
      FloatVector offset =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, units + row + at, ORDER);
      FloatVector shift = FloatVector.zero(Lanes.SPECIES);
      FloatVector slope = FloatVector.zero(Lanes.SPECIES);
      for (int i = 0; i < pixels; i++) {
        FloatVector d =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, dz + i * row + at, ORDER);
        FloatVector n =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + i * row + at, ORDER)
                .fma(unit, offset);
        shift = shift.add(d);
        slope = d.fma(n, slope);
      }
      shift.intoMemorySegment(Lanes.MEMORY, sums + at, ORDER);
      slope.intoMemorySegment(Lanes.MEMORY, sums + row + at, ORDER);
    }
  }

  /// Writes `a · dz + b · x + c`.
  ///
  /// @param lines address of `[3, C]`: `a`, `b` and `c` of each channel
  static void combine(long dz, long x, int vectors, long lines, long row, long dx) {
    long at = 0;
    for (int i = 0; i < vectors; i++) {
      long offset = (long) i * Lanes.BYTES;
      FloatVector c =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, lines + 2 * row + at, ORDER);
      FloatVector b =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, lines + row + at, ORDER);
      FloatVector a = FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, lines + at, ORDER);
      FloatVector rest =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + offset, ORDER).fma(b, c);
      FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, dz + offset, ORDER)
          .fma(a, rest)
          .intoMemorySegment(Lanes.MEMORY, dx + offset, ORDER);
      at += Lanes.BYTES;
      at = at == row ? 0 : at;
    }
  }
}
