package dev.latente.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Turns numbers into the blocks of GGUF's types, as ggml's reference functions
/// (`quantize_row_*_ref` in `ggml-quants.c`) do; [GgufBlocks] turns them back.
final class GgufEncoder {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private GgufEncoder() {}

  /// Encodes `count` blocks at the start of `in` to the start of `out`.
  ///
  /// @throws IllegalArgumentException if `type` is not quantised
  static void encode(GgufType type, float[] in, int count, byte[] out) {
    for (int block = 0; block < count; block++) {
      int from = block * type.blockSize();
      int to = block * type.blockBytes();
      switch (type) {
        case Q4_0 -> q4(in, from, out, to, extreme(in, from) / -8, 8);
        case Q4_1 -> q41(in, from, out, to);
        case Q5_0 -> q5(in, from, out, to, extreme(in, from) / -16);
        case Q5_1 -> q51(in, from, out, to);
        case Q8_0 -> q8(in, from, out, to);
        case Q2_K -> GgufKEncoder.q2k(in, from, out, to);
        case Q3_K -> GgufKEncoder.q3k(in, from, out, to);
        case Q4_K -> GgufKEncoder.q4k(in, from, out, to);
        case Q5_K -> GgufKEncoder.q5k(in, from, out, to);
        case Q6_K -> GgufKEncoder.q6k(in, from, out, to);
        case F32, F16, BF16, F64, I8, I16, I32, I64 ->
            throw new IllegalArgumentException(type + " has no blocks");
      }
    }
  }

  /// `d (q - zero)`, 4 bits.
  private static void q4(float[] in, int from, byte[] out, int to, float d, int zero) {
    float inverse = inverse(d);
    putHalf(out, to, d);
    for (int j = 0; j < 16; j++) {
      int low = Math.min(15, (int) (in[from + j] * inverse + zero + 0.5f));
      int high = Math.min(15, (int) (in[from + j + 16] * inverse + zero + 0.5f));
      out[to + 2 + j] = (byte) (low | high << 4);
    }
  }

  /// `d q + m`, 4 bits.
  private static void q41(float[] in, int from, byte[] out, int to) {
    float m = least(in, from);
    float d = (greatest(in, from) - m) / 15;
    float inverse = inverse(d);
    putHalf(out, to, d);
    putHalf(out, to + 2, m);
    for (int j = 0; j < 16; j++) {
      int low = Math.min(15, (int) ((in[from + j] - m) * inverse + 0.5f));
      int high = Math.min(15, (int) ((in[from + j + 16] - m) * inverse + 0.5f));
      out[to + 4 + j] = (byte) (low | high << 4);
    }
  }

  /// `d (q - 16)`, 5 bits.
  private static void q5(float[] in, int from, byte[] out, int to, float d) {
    float inverse = inverse(d);
    int[] q = new int[32];
    for (int j = 0; j < 32; j++) {
      q[j] = Math.min(31, (int) (in[from + j] * inverse + 16.5f));
    }
    putHalf(out, to, d);
    putFiveBits(q, out, to + 2);
  }

  /// `d q + m`, 5 bits.
  private static void q51(float[] in, int from, byte[] out, int to) {
    float m = least(in, from);
    float d = (greatest(in, from) - m) / 31;
    float inverse = inverse(d);
    int[] q = new int[32];
    for (int j = 0; j < 32; j++) {
      q[j] = (int) ((in[from + j] - m) * inverse + 0.5f);
    }
    putHalf(out, to, d);
    putHalf(out, to + 2, m);
    putFiveBits(q, out, to + 4);
  }

  /// The fifth bits of 32 numbers, then their low halves, number `j` beside number `j + 16`.
  private static void putFiveBits(int[] q, byte[] out, int to) {
    int high = 0;
    for (int j = 0; j < 32; j++) {
      high |= (q[j] >> 4 & 1) << j;
    }
    INT.set(out, to, high);
    for (int j = 0; j < 16; j++) {
      out[to + 4 + j] = (byte) (q[j] & 15 | (q[j + 16] & 15) << 4);
    }
  }

  /// `d q`, 8 bits with sign.
  private static void q8(float[] in, int from, byte[] out, int to) {
    float d = Math.abs(extreme(in, from)) / 127;
    float inverse = inverse(d);
    putHalf(out, to, d);
    for (int j = 0; j < 32; j++) {
      float q = in[from + j] * inverse;
      out[to + 2 + j] = (byte) (int) (q + Math.copySign(0.5f, q)); // halves go away from zero
    }
  }

  private static float inverse(float d) {
    return d == 0 ? 0 : 1 / d;
  }

  /// The number farthest from zero, with its sign; the first of equals.
  private static float extreme(float[] in, int from) {
    float found = 0;
    for (int j = 0; j < 32; j++) {
      if (Math.abs(in[from + j]) > Math.abs(found)) {
        found = in[from + j];
      }
    }
    return found;
  }

  private static float least(float[] in, int from) {
    float least = Float.MAX_VALUE;
    for (int j = 0; j < 32; j++) {
      least = in[from + j] < least ? in[from + j] : least;
    }
    return least;
  }

  private static float greatest(float[] in, int from) {
    float greatest = -Float.MAX_VALUE;
    for (int j = 0; j < 32; j++) {
      greatest = in[from + j] > greatest ? in[from + j] : greatest;
    }
    return greatest;
  }

  /// Writes `number` in half precision, and gives back what that made of it.
  static float putHalf(byte[] out, int at, float number) {
    short half = Float.floatToFloat16(number);
    SHORT.set(out, at, half);
    return Float.float16ToFloat(half);
  }
}
