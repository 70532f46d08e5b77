package dev.latente.model;

import java.util.Arrays;

/// Turns 256 numbers at a time into the blocks of GGUF's k-quants: parts of 16 or 32 numbers have a
/// scale each, which is itself a small whole number times the block's scale.
final class GgufKEncoder {
  private static final int BLOCK = 256;

  private GgufKEncoder() {}

  /// 16 parts with scale and offset of 4 bits; numbers of 2 bits.
  static void q2k(float[] in, int from, byte[] out, int to) {
    int parts = BLOCK / 16;
    float[] scales = new float[parts];
    float[] offsets = new float[parts];
    float[] weights = new float[16];
    int[] q = new int[BLOCK];
    for (int part = 0; part < parts; part++) {
      for (int l = 0; l < 16; l++) {
        weights[l] = Math.abs(in[from + 16 * part + l]);
      }
      BestScale.Line fit =
          BestScale.line(in, from + 16 * part, weights, 3, -0.5f, 15, BestScale.Error.ABSOLUTE);
      scales[part] = fit.scale();
      offsets[part] = fit.offset();
      System.arraycopy(fit.q(), 0, q, 16 * part, 16);
    }
    float mostScale = most(scales);
    float mostOffset = most(offsets);
    float d = GgufEncoder.putHalf(out, to + 80, mostScale > 0 ? mostScale / 15 : 0);
    float m = GgufEncoder.putHalf(out, to + 82, mostOffset > 0 ? mostOffset / 15 : 0);
    for (int part = 0; part < parts; part++) {
      int scale = mostScale > 0 ? BestScale.round(15 / mostScale * scales[part]) : 0;
      int offset = mostOffset > 0 ? BestScale.round(15 / mostOffset * offsets[part]) : 0;
      out[to + part] = (byte) (scale | offset << 4);
      place(in, from, q, 16 * part, 16, d * scale, m * offset, 3);
    }
    putTwoBits(q, out, to + 16);
  }

  /// 16 parts with a scale of 6 bits; numbers of 3 bits.
  static void q3k(float[] in, int from, byte[] out, int to) {
    int parts = BLOCK / 16;
    float[] scales = new float[parts];
    int[] q = new int[BLOCK];
    for (int part = 0; part < parts; part++) {
      BestScale.Line fit = BestScale.three(in, from + 16 * part);
      scales[part] = fit.scale();
      System.arraycopy(fit.q(), 0, q, 16 * part, 16);
    }
    float extreme = extreme(scales);
    Arrays.fill(out, to, to + 108, (byte) 0);
    float inverse = extreme == 0 ? 0 : -32 / extreme;
    float d = GgufEncoder.putHalf(out, to + 108, extreme == 0 ? 0 : 1 / inverse);
    for (int part = 0; part < parts && extreme != 0; part++) {
      int scale = Math.clamp(BestScale.round(inverse * scales[part]), -32, 31);
      putSixBitScale(scale + 32, out, to + 96, part);
      signed(in, from, q, 16 * part, d * scale, 4);
    }
    for (int j = 0; j < BLOCK; j++) {
      if (q[j] > 3) {
        out[to + j % 32] |= (byte) (1 << j / 32);
        q[j] -= 4;
      }
    }
    putTwoBits(q, out, to + 32);
  }

  private static void putSixBitScale(int scale, byte[] out, int to, int part) {
    out[to + part % 8] |= (byte) ((scale & 15) << part / 8 * 4);
    out[to + 8 + part % 4] |= (byte) (scale >> 4 << part / 4 * 2);
  }

  /// 8 parts with scale and offset of 6 bits; numbers of 4 bits.
  static void q4k(float[] in, int from, byte[] out, int to) {
    int[] q = new int[BLOCK];
    scaled(in, from, out, to, q, 15, -1, 20);
    for (int j = 0; j < BLOCK; j += 64) {
      for (int l = 0; l < 32; l++) {
        out[to + 16 + j / 2 + l] = (byte) (q[j + l] | q[j + l + 32] << 4);
      }
    }
  }

  /// As [#q4k], numbers of 5 bits.
  static void q5k(float[] in, int from, byte[] out, int to) {
    int[] q = new int[BLOCK];
    scaled(in, from, out, to, q, 31, -0.5f, 15);
    for (int l = 0; l < 32; l++) {
      int fifths = 0;
      for (int part = 0; part < 8; part++) {
        fifths |= (q[32 * part + l] >> 4) << part;
      }
      out[to + 16 + l] = (byte) fifths;
    }
    for (int j = 0; j < BLOCK; j += 64) {
      for (int l = 0; l < 32; l++) {
        out[to + 48 + j / 2 + l] = (byte) (q[j + l] & 15 | (q[j + l + 32] & 15) << 4);
      }
    }
  }

  /// Writes the scales of [#q4k] and [#q5k], and finds their numbers.
  private static void scaled(
      float[] in, int from, byte[] out, int to, int[] q, int most, float first, int steps) {
    float[] scales = new float[8];
    float[] offsets = new float[8];
    float[] weights = new float[32];
    for (int part = 0; part < 8; part++) {
      float squares = 0;
      for (int l = 0; l < 32; l++) {
        squares += in[from + 32 * part + l] * in[from + 32 * part + l];
      }
      float mean = (float) Math.sqrt(squares / 32);
      for (int l = 0; l < 32; l++) {
        weights[l] = mean + Math.abs(in[from + 32 * part + l]);
      }
      BestScale.Line fit =
          BestScale.line(
              in, from + 32 * part, weights, most, first, steps, BestScale.Error.SQUARED);
      scales[part] = fit.scale();
      offsets[part] = fit.offset();
      System.arraycopy(fit.q(), 0, q, 32 * part, 32);
    }
    float mostScale = most(scales);
    float mostOffset = most(offsets);
    float inverseScale = mostScale > 0 ? 63 / mostScale : 0;
    float inverseOffset = mostOffset > 0 ? 63 / mostOffset : 0;
    float d = GgufEncoder.putHalf(out, to, mostScale / 63);
    float m = GgufEncoder.putHalf(out, to + 2, mostOffset / 63);
    Arrays.fill(out, to + 4, to + 16, (byte) 0);
    for (int part = 0; part < 8; part++) {
      int scale = Math.min(63, BestScale.round(inverseScale * scales[part]));
      int offset = Math.min(63, BestScale.round(inverseOffset * offsets[part]));
      putScale(scale, offset, out, to + 4, part);
      place(in, from, q, 32 * part, 32, d * scale, m * offset, most);
    }
  }

  private static void putScale(int scale, int offset, byte[] out, int to, int part) {
    if (part < 4) {
      out[to + part] |= (byte) scale;
      out[to + part + 4] |= (byte) offset;
    } else {
      out[to + part + 4] = (byte) (scale & 15 | (offset & 15) << 4);
      out[to + part - 4] |= (byte) (scale >> 4 << 6);
      out[to + part] |= (byte) (offset >> 4 << 6);
    }
  }

  /// 16 parts with a scale of 8 bits with sign; numbers of 6 bits.
  static void q6k(float[] in, int from, byte[] out, int to) {
    int parts = BLOCK / 16;
    float[] scales = new float[parts];
    int[] q = new int[BLOCK];
    for (int part = 0; part < parts; part++) {
      BestScale.Line fit = BestScale.six(in, from + 16 * part);
      scales[part] = fit.scale();
      System.arraycopy(fit.q(), 0, q, 16 * part, 16);
    }
    float extreme = extreme(scales);
    Arrays.fill(out, to, to + 210, (byte) 0);
    if (Math.abs(extreme) < BestScale.SMALLEST) {
      return;
    }
    float inverse = -128 / extreme;
    float d = GgufEncoder.putHalf(out, to + 208, 1 / inverse);
    for (int part = 0; part < parts; part++) {
      int scale = Math.min(127, BestScale.round(inverse * scales[part]));
      out[to + 192 + part] = (byte) scale;
      signed(in, from, q, 16 * part, d * scale, 32);
    }
    for (int half = 0; half < 2; half++) {
      for (int l = 0; l < 32; l++) {
        int j = 128 * half + l;
        out[to + 64 * half + l] = (byte) (q[j] & 15 | (q[j + 64] & 15) << 4);
        out[to + 64 * half + 32 + l] = (byte) (q[j + 32] & 15 | (q[j + 96] & 15) << 4);
        out[to + 128 + 32 * half + l] =
            (byte) (q[j] >> 4 | q[j + 32] >> 4 << 2 | q[j + 64] >> 4 << 4 | q[j + 96] >> 4 << 6);
      }
    }
  }

  /// The numbers of one part as multiples of `d` above `-m`; those of the fit stay if `d` is zero.
  private static void place(
      float[] in, int from, int[] q, int at, int count, float d, float m, int most) {
    for (int l = at; l < at + count && d != 0; l++) {
      q[l] = Math.clamp(BestScale.round((in[from + l] + m) / d), 0, most);
    }
  }

  /// The numbers of a part of 16 as multiples of `d`, from `-zero` to `zero - 1`, counted from 0;
  /// those of the fit stay if `d` is zero.
  private static void signed(float[] in, int from, int[] q, int at, float d, int zero) {
    for (int l = at; l < at + 16 && d != 0; l++) {
      q[l] = Math.clamp(BestScale.round(in[from + l] / d), -zero, zero - 1) + zero;
    }
  }

  /// 128 numbers share 32 bytes, each of which has bits of four, 32 apart.
  private static void putTwoBits(int[] q, byte[] out, int to) {
    for (int j = 0; j < BLOCK; j += 128) {
      for (int l = 0; l < 32; l++) {
        out[to + j / 4 + l] =
            (byte) (q[j + l] | q[j + l + 32] << 2 | q[j + l + 64] << 4 | q[j + l + 96] << 6);
      }
    }
  }

  private static float most(float[] numbers) {
    float most = 0;
    for (float number : numbers) {
      most = Math.max(most, number);
    }
    return most;
  }

  private static float extreme(float[] numbers) {
    float extreme = 0;
    for (float number : numbers) {
      extreme = Math.abs(number) > Math.abs(extreme) ? number : extreme;
    }
    return extreme;
  }
}
