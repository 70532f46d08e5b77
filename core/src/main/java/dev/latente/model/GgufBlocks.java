package dev.latente.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Turns the blocks of GGUF's quantised types back into numbers.
final class GgufBlocks {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private GgufBlocks() {}

  /// Decodes `count` blocks at the start of `in` to the start of `out`.
  ///
  /// @throws IllegalArgumentException if `type` is not quantised
  static void decode(GgufType type, byte[] in, int count, float[] out) {
    for (int block = 0; block < count; block++) {
      int from = block * type.blockBytes();
      int to = block * type.blockSize();
      switch (type) {
        case Q4_0 -> nibbles(in, from + 2, half(in, from), -8 * half(in, from), out, to);
        case Q4_1 -> nibbles(in, from + 4, half(in, from), half(in, from + 2), out, to);
        case Q5_0 -> fiveBits(in, from + 2, half(in, from), -16 * half(in, from), out, to);
        case Q5_1 -> fiveBits(in, from + 4, half(in, from), half(in, from + 2), out, to);
        case Q8_0 -> bytes(in, from + 2, half(in, from), out, to);
        case Q2_K -> q2k(in, from, out, to);
        case Q3_K -> q3k(in, from, out, to);
        case Q4_K -> q4k(in, from, out, to);
        case Q5_K -> q5k(in, from, out, to);
        case Q6_K -> q6k(in, from, out, to);
        case F32, F16, BF16, F64, I8, I16, I32, I64 ->
            throw new IllegalArgumentException(type + " has no blocks");
      }
    }
  }

  /// 16 bytes hold numbers 0 to 15 in their low halves and 16 to 31 in their high ones.
  private static void nibbles(byte[] in, int qs, float d, float m, float[] out, int to) {
    for (int j = 0; j < 16; j++) {
      out[to + j] = d * (in[qs + j] & 15) + m;
      out[to + j + 16] = d * ((in[qs + j] >> 4) & 15) + m;
    }
  }

  /// As [#nibbles], with the fifth bits of all 32 numbers before them.
  private static void fiveBits(byte[] in, int qh, float d, float m, float[] out, int to) {
    int high = (int) INT.get(in, qh);
    int qs = qh + 4;
    for (int j = 0; j < 16; j++) {
      int low = (high >>> j & 1) << 4;
      int upper = (high >>> (j + 16) & 1) << 4;
      out[to + j] = d * (in[qs + j] & 15 | low) + m;
      out[to + j + 16] = d * (in[qs + j] >> 4 & 15 | upper) + m;
    }
  }

  private static void bytes(byte[] in, int qs, float d, float[] out, int to) {
    for (int j = 0; j < 32; j++) {
      out[to + j] = d * in[qs + j];
    }
  }

  /// 16 scales and offsets, 64 bytes of 2-bit numbers, `d`, `m`.
  private static void q2k(byte[] in, int from, float[] out, int to) {
    float d = half(in, from + 80);
    float m = half(in, from + 82);
    for (int part = 0; part < 16; part++) {
      int scale = in[from + part];
      float dl = d * (scale & 15);
      float ml = m * (scale >> 4 & 15);
      int qs = from + 16 + twoBits(part);
      int shift = part / 2 % 4 * 2;
      for (int l = 0; l < 16; l++) {
        out[to + 16 * part + l] = dl * (in[qs + l] >> shift & 3) - ml;
      }
    }
  }

  /// 32 bytes of third bits, 64 bytes of 2-bit numbers, 12 bytes of scales, `d`.
  private static void q3k(byte[] in, int from, float[] out, int to) {
    float d = half(in, from + 108);
    for (int part = 0; part < 16; part++) {
      float dl = d * (sixBitScale(in, from + 96, part) - 32);
      int qs = from + 32 + twoBits(part);
      int shift = part / 2 % 4 * 2;
      int thirds = from + part % 2 * 16;
      int bit = part / 2;
      for (int l = 0; l < 16; l++) {
        int third = (in[thirds + l] >> bit & 1) << 2;
        out[to + 16 * part + l] = dl * ((in[qs + l] >> shift & 3 | third) - 4);
      }
    }
  }

  /// Where the 2-bit numbers of a part begin: 8 parts share 32 bytes, two of them each 16 bits of
  /// shift.
  private static int twoBits(int part) {
    return part / 8 * 32 + part % 2 * 16;
  }

  /// A scale of [GgufType#Q3_K]: its low 4 bits lie in the first 8 bytes, its high 2 in the last 4.
  private static int sixBitScale(byte[] in, int scales, int part) {
    int low = in[scales + part % 8] >> (part / 8 * 4) & 15;
    int high = in[scales + 8 + part % 4] >> (part / 4 * 2) & 3;
    return low | high << 4;
  }

  /// `d`, `m`, 12 bytes of scales and offsets, 128 bytes of 4-bit numbers.
  private static void q4k(byte[] in, int from, float[] out, int to) {
    float d = half(in, from);
    float m = half(in, from + 2);
    for (int part = 0; part < 8; part++) {
      float dl = d * scale(in, from + 4, part);
      float ml = m * offset(in, from + 4, part);
      int qs = from + 16 + part / 2 * 32;
      int shift = part % 2 * 4;
      for (int l = 0; l < 32; l++) {
        out[to + 32 * part + l] = dl * (in[qs + l] >> shift & 15) - ml;
      }
    }
  }

  /// As [#q4k], with 32 bytes of fifth bits before the numbers.
  private static void q5k(byte[] in, int from, float[] out, int to) {
    float d = half(in, from);
    float m = half(in, from + 2);
    for (int part = 0; part < 8; part++) {
      float dl = d * scale(in, from + 4, part);
      float ml = m * offset(in, from + 4, part);
      int qs = from + 48 + part / 2 * 32;
      int shift = part % 2 * 4;
      for (int l = 0; l < 32; l++) {
        int fifth = (in[from + 16 + l] >> part & 1) << 4;
        out[to + 32 * part + l] = dl * (in[qs + l] >> shift & 15 | fifth) - ml;
      }
    }
  }

  /// A scale of 6 bits: parts 4 to 7 have their high 2 bits above those of parts 0 to 3.
  private static int scale(byte[] in, int scales, int part) {
    return part < 4
        ? in[scales + part] & 63
        : in[scales + part + 4] & 15 | (in[scales + part - 4] >> 6 & 3) << 4;
  }

  /// An offset of 6 bits, stored likewise.
  private static int offset(byte[] in, int scales, int part) {
    return part < 4
        ? in[scales + part + 4] & 63
        : in[scales + part + 4] >> 4 & 15 | (in[scales + part] >> 6 & 3) << 4;
  }

  /// 128 bytes of low 4 bits, 64 of high 2 bits, 16 scales with sign, `d`.
  private static void q6k(byte[] in, int from, float[] out, int to) {
    float d = half(in, from + 208);
    for (int part = 0; part < 16; part++) {
      float dl = d * in[from + 192 + part];
      int upper = part / 8; // 128 numbers share 64 low and 32 high bytes
      int quarter = part % 8 / 2;
      int ql = from + 64 * upper + quarter % 2 * 32 + part % 2 * 16;
      int qh = from + 128 + 32 * upper + part % 2 * 16;
      for (int l = 0; l < 16; l++) {
        int low = in[ql + l] >> (quarter / 2 * 4) & 15;
        int high = in[qh + l] >> (quarter * 2) & 3;
        out[to + 16 * part + l] = dl * ((low | high << 4) - 32);
      }
    }
  }

  private static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) SHORT.get(in, at));
  }
}
