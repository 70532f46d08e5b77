package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;
import dev.latente.kernel.WinogradWeights.Job;

/// The machine code of [WinogradWeights], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (pair = 0; pair < 16; pair++)
///   for each x of {taps[pair], taps[pair + 16]}: lines[x] = G · x
///   for each of six lines
///     a, b = those of both, · Gᵀ
///     for each of six points: to[point][pair] = high(a), high(b); low(a), low(b)
/// ```
///
/// All numbers are those of [WinogradTransform#weights] and [HalfCode#split].
public final class WinogradCode {
  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;
  private static final int SIDE = WinogradTransform.IN;
  private static final int TAP_SIDE = 3;

  /// Bytes that are written to on the way.
  public static final int SCRATCH = 2 * SIDE * TAP_SIDE * VECTOR;

  private static final int TAPS = 0;
  private static final int TO = 8;
  private static final int LOW = 16;
  private static final int APART = 24;
  private static final int NEAR = 32;

  private static final int OPERAND = Assembler.RDI;
  private static final int TAP = Assembler.RSI; // of a pair the first
  private static final int TILE = Assembler.RDX; // of the first point
  private static final int LINES = Assembler.RCX;
  private static final int HIGH_HERE = Assembler.R8;
  private static final int LOW_HERE = Assembler.R9;
  private static final int POINT_AWAY = Assembler.R10;
  private static final int PAIRS_LEFT = Assembler.RAX;
  private static final int LOW_AWAY = Assembler.R11;

  // What vectors hold: a line of weights, and what is made of two of those.
  private static final int LINE = 0;
  private static final int ENDS = 3;
  private static final int MIDDLE = 4;
  private static final int A = 5;
  private static final int B = A + SIDE;

  /// Bytes of the operands.
  public static final int OPERANDS = 40;

  private static final LaneNumbers NUMBERS =
      new LaneNumbers(
          LaneNumber.HALF_UNIT,
          LaneNumber.HIGH,
          LaneNumber.QUARTER,
          LaneNumber.SIXTH,
          LaneNumber.MINUS_SIXTH,
          LaneNumber.TWELFTH,
          LaneNumber.TWENTY_FOURTH);

  private final Assembler code = new Assembler();
  private final HalfCode halves;
  private final Format format;

  private WinogradCode(Format format, TileNumbers form) {
    this.format = format;
    halves = new HalfCode(code, NUMBERS, form);
  }

  /// The code for weights as they are stored and what they become. It may lie anywhere.
  public static byte[] of(Format format, TileNumbers form) {
    WinogradCode code = new WinogradCode(format, form);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    Operands.put(to, TAPS, job.taps());
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
    Operands.put(to, APART, job.apart());
    Operands.put(to, NEAR, job.scratch());
  }

  private void function() {
    NUMBERS.load(code);
    code.load(TAP, OPERAND, TAPS);
    code.load(TILE, OPERAND, TO);
    code.load(LINES, OPERAND, NEAR);
    code.load(LOW_AWAY, OPERAND, LOW);
    code.load(POINT_AWAY, OPERAND, APART);
    code.set(PAIRS_LEFT, LANES);
    int pairs = code.here();
    int channel = WinogradTransform.TAPS * LANES * format.bytes();
    for (int at = 0; at < channel; at += VECTOR) { // of the next 32 channels
      code.prefetch(TAP, 2 * LANES * channel + at);
      code.prefetch(TAP, 3 * LANES * channel + at);
    }
    columns(0, 0);
    columns(LANES * channel, SIDE * TAP_SIDE * VECTOR);
    code.copy(HIGH_HERE, TILE);
    code.copy(LOW_HERE, TILE);
    code.add(LOW_HERE, LOW_AWAY);
    for (int line = 0; line < SIDE; line++) {
      points(line);
    }
    code.addNumber(TAP, channel);
    code.addNumber(TILE, VECTOR);
    code.addNumber(PAIRS_LEFT, -1);
    code.jumpBack(When.NOT_ZERO, pairs);
    code.forgetUpperLanes();
    code.ret();
  }

  /// `G` times the weights at `from` behind a channel's, `[3, 3]`, to the lines at `to`, `[6, 3]`.
  private void columns(int from, int to) {
    for (int column = 0; column < TAP_SIDE; column++) {
      for (int row = 0; row < TAP_SIDE; row++) {
        int tap = row * TAP_SIDE + column;
        halves.load(format, LINE + row, TAP, from + tap * LANES * format.bytes());
      }
      line(A);
      for (int row = 0; row < SIDE; row++) {
        code.storeVector(A + row, LINES, to + (row * TAP_SIDE + column) * VECTOR);
      }
    }
  }

  /// Writes the six points of a line of both.
  private void points(int line) {
    for (int each = 0; each < 2; each++) {
      int from = (each * SIDE + line) * TAP_SIDE * VECTOR;
      for (int column = 0; column < TAP_SIDE; column++) {
        code.loadVector(LINE + column, LINES, from + column * VECTOR);
      }
      line(each == 0 ? A : B);
    }
    for (int point = 0; point < SIDE; point++) {
      halves.split(A + point, B + point, ENDS, MIDDLE);
      code.storeVector(ENDS, HIGH_HERE, 0);
      code.storeVector(A + point, LOW_HERE, 0);
      code.add(HIGH_HERE, POINT_AWAY);
      code.add(LOW_HERE, POINT_AWAY);
    }
  }

  /// The rows of `G` times three vectors: (1/4 0 0), (-1/6 -1/6 -1/6), (-1/6 1/6 -1/6), (1/24 1/12
  /// 1/6), (1/24 -1/12 1/6), (0 0 1).
  ///
  /// @param to register of the first of six results
  private void line(int to) {
    int g0 = LINE;
    int g1 = LINE + 1;
    int g2 = LINE + 2;
    code.each(Each.ADD, ENDS, g0, g2);
    code.each(Each.MULTIPLY, ENDS, ENDS, NUMBERS.of(LaneNumber.MINUS_SIXTH));
    code.each(Each.MULTIPLY, MIDDLE, g1, NUMBERS.of(LaneNumber.SIXTH));
    code.each(Each.SUBTRACT, to + 1, ENDS, MIDDLE);
    code.each(Each.ADD, to + 2, ENDS, MIDDLE);
    code.each(Each.MULTIPLY, ENDS, g0, NUMBERS.of(LaneNumber.TWENTY_FOURTH));
    code.each(Each.MULTIPLY, MIDDLE, g2, NUMBERS.of(LaneNumber.SIXTH));
    code.each(Each.ADD, ENDS, ENDS, MIDDLE);
    code.each(Each.MULTIPLY, MIDDLE, g1, NUMBERS.of(LaneNumber.TWELFTH));
    code.each(Each.ADD, to + 3, ENDS, MIDDLE);
    code.each(Each.SUBTRACT, to + 4, ENDS, MIDDLE);
    code.each(Each.MULTIPLY, to, g0, NUMBERS.of(LaneNumber.QUARTER));
    code.copyVector(to + 5, g2);
  }
}
