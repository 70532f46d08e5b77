package dev.latente.kernel;

import dev.latente.kernel.LaneSteps.Panels;

/// The machine code of [LaneSteps#shorten], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C, for each lane, it would be
///
/// ```
/// scale = min(length / sqrt(sum of x²), COLUMN_MOST / max of |x|)
/// scales = 1 / scale
/// for (pair = 0; pair < depth / 2; pair++)
///   to[pair] = whole numbers of scale · x[2 pair], scale · x[2 pair + 1]
/// ```
public final class ShortPanelCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Numbers of a lane in a round.
  private static final int ROUND = 8;

  // Where the operands are: 64 bits each.
  private static final int X = 0;
  private static final int ROUNDS = 8;
  private static final int TO = 16;
  private static final int SCALES = 24;
  private static final int LENGTH = 32;
  private static final int STRIDE = 40;

  /// Bytes of the operands.
  public static final int OPERANDS = 48;

  private static final int OPERAND = Assembler.RDI;
  private static final int HERE = Assembler.RSI;
  private static final int LEFT = Assembler.RDX;
  private static final int WRITE = Assembler.RCX;
  private static final int STRIDE_AWAY = Assembler.R8;

  private static final int SQUARES = 0; // two registers
  private static final int GREATEST = 2; // two
  private static final int NUMBER = 4; // eight
  private static final int SCALE = 12;
  private static final int INVERSE = 13;
  private static final int OTHER = 14;

  private static final LaneNumbers NUMBERS =
      ShortCodes.numbers(LaneNumber.COLUMN_MOST, LaneNumber.UNSIGNED);

  private ShortPanelCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    Assembler code = new Assembler();
    ShortCodes shorts = new ShortCodes(code, NUMBERS);
    NUMBERS.load(code);
    for (int i = 0; i < 4; i++) {
      code.each(Each.EXCLUSIVE_OR, SQUARES + i, SQUARES + i, SQUARES + i);
    }
    code.load(STRIDE_AWAY, OPERAND, STRIDE);
    code.load(HERE, OPERAND, X);
    code.load(LEFT, OPERAND, ROUNDS);
    int squares = code.here();
    for (int i = 0; i < ROUND; i++) {
      int number = NUMBER + i;
      code.loadVector(number, HERE, 0);
      code.add(HERE, STRIDE_AWAY);
      code.each(Each.PLUS_PRODUCT, SQUARES + i % 2, number, number);
      code.each(Each.AND, number, number, NUMBERS.of(LaneNumber.UNSIGNED));
      code.each(Each.GREATER, GREATEST + i % 2, GREATEST + i % 2, number);
    }
    code.addNumber(LEFT, -1);
    code.jumpBack(When.NOT_ZERO, squares);
    code.each(Each.ADD, SQUARES, SQUARES, SQUARES + 1);
    code.each(Each.GREATER, GREATEST, GREATEST, GREATEST + 1);
    code.spread(OTHER, OPERAND, LENGTH);
    shorts.scale(SCALE, INVERSE, SQUARES, GREATEST, OTHER);
    code.load(HERE, OPERAND, SCALES);
    code.storeVector(INVERSE, HERE, 0);
    code.load(HERE, OPERAND, X);
    code.load(LEFT, OPERAND, ROUNDS);
    code.load(WRITE, OPERAND, TO);
    int rounds = code.here();
    for (int i = 0; i < ROUND; i++) {
      code.loadVector(NUMBER + i, HERE, 0);
      code.add(HERE, STRIDE_AWAY);
    }
    for (int i = 0; i < ROUND; i += 2) {
      shorts.shorts(NUMBER + i, NUMBER + i + 1, SCALE);
      code.storeVector(NUMBER + i, WRITE, i / 2 * VECTOR);
    }
    code.addNumber(WRITE, ROUND / 2 * VECTOR);
    code.addNumber(LEFT, -1);
    code.jumpBack(When.NOT_ZERO, rounds);
    code.forgetUpperLanes();
    code.ret();
    return code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Panels job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, STRIDE, job.stride());
    Operands.put(to, ROUNDS, job.depth() / ROUND);
    Operands.put(to, TO, job.to());
    Operands.put(to, SCALES, job.scales());
    Operands.put(to, LENGTH, Float.floatToRawIntBits(job.length()));
  }
}
