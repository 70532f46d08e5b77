package dev.latente.kernel;

import dev.latente.kernel.RowHalves.Job;

/// The machine code of [RowHalves] of [Shorts], for processors with AVX-512: a function in C, as
/// Linux calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (row = 0; row < rows; row++, x += stride, to += 64)
///   for (block = 0; block < blocks; block++)
///     numbers = 64 of x[block]
///     scale = ROW_LENGTH / sqrt(sum(numbers²))
///     scales[block][row] = 1 / scale
///     to[block] = whole numbers of numbers · scale, those 16 apart side by side
/// ```
public final class ShortRowCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Where the operands are: 64 bits each.
  private static final int X = 0;
  private static final int STRIDE = 8;
  private static final int ROWS = 16;
  private static final int BLOCKS = 24;
  private static final int TO = 32;
  private static final int LOW = 40;

  /// Bytes of the operands.
  public static final int OPERANDS = 48;

  private static final int OPERAND = Assembler.RDI;
  private static final int ROW = Assembler.RSI;
  private static final int TILE = Assembler.RDX; // where its first numbers go
  private static final int BLOCKS_LEFT = Assembler.RAX;
  private static final int HERE = Assembler.RCX;
  private static final int TILE_HERE = Assembler.R8;
  private static final int STEP_AWAY = Assembler.R9;
  private static final int SCALE = Assembler.R10;
  private static final int SCALE_HERE = Assembler.R11;
  private static final int ROWS_LEFT = Assembler.R13; // of those whose scales lie side by side

  private static final int NUMBERS_AT = 0; // four registers
  private static final int SQUARES = 4;
  private static final int OTHER = 5;
  private static final int SCALE_NOW = 6;
  private static final int INVERSE = 7;

  private static final LaneNumbers NUMBERS = ShortCodes.numbers(LaneNumber.ROW_LENGTH);

  private ShortRowCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    Assembler code = new Assembler();
    code.push(ROWS_LEFT);
    NUMBERS.load(code);
    code.load(ROW, OPERAND, X);
    code.load(TILE, OPERAND, TO);
    code.load(STEP_AWAY, OPERAND, LOW);
    code.copy(SCALE, TILE);
    code.add(SCALE, STEP_AWAY);
    code.add(STEP_AWAY, STEP_AWAY);
    code.set(ROWS_LEFT, Shorts.ROWS);
    int rows = code.here();
    code.copy(HERE, ROW);
    code.copy(TILE_HERE, TILE);
    code.copy(SCALE_HERE, SCALE);
    code.load(BLOCKS_LEFT, OPERAND, BLOCKS);
    int blocks = code.here();
    block(code);
    code.addNumber(BLOCKS_LEFT, -1);
    code.jumpBack(When.NOT_ZERO, blocks);
    code.add(ROW, OPERAND, STRIDE);
    code.addNumber(TILE, Shorts.LINE);
    code.addNumber(SCALE, Float.BYTES);
    code.addNumber(ROWS_LEFT, -1);
    int within = code.jumpAhead(When.NOT_ZERO);
    code.addNumber(SCALE, Shorts.ROWS * (Shorts.LINE - Float.BYTES));
    code.set(ROWS_LEFT, Shorts.ROWS);
    code.land(within);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.pop(ROWS_LEFT);
    code.ret();
    return code.bytes();
  }

  private static void block(Assembler code) {
    ShortCodes shorts = new ShortCodes(code, NUMBERS);
    for (int i = 0; i < Shorts.BLOCK / Halves.LANES; i++) {
      code.loadVector(NUMBERS_AT + i, HERE, i * VECTOR);
    }
    code.each(Each.MULTIPLY, SQUARES, NUMBERS_AT, NUMBERS_AT);
    code.each(Each.MULTIPLY, OTHER, NUMBERS_AT + 1, NUMBERS_AT + 1);
    code.each(Each.PLUS_PRODUCT, SQUARES, NUMBERS_AT + 2, NUMBERS_AT + 2);
    code.each(Each.PLUS_PRODUCT, OTHER, NUMBERS_AT + 3, NUMBERS_AT + 3);
    code.each(Each.ADD, SQUARES, SQUARES, OTHER);
    for (int apart = Halves.LANES / 2; apart > 0; apart /= 2) {
      code.swap(OTHER, SQUARES, apart);
      code.each(Each.ADD, SQUARES, SQUARES, OTHER);
    }
    code.each(Each.ADD, SQUARES, SQUARES, NUMBERS.of(LaneNumber.TINY));
    code.each(Each.NEAR_INVERSE_ROOT, SCALE_NOW, SQUARES);
    code.each(Each.MULTIPLY, SCALE_NOW, SCALE_NOW, NUMBERS.of(LaneNumber.ROW_LENGTH));
    shorts.inverse(INVERSE, SCALE_NOW, OTHER);
    code.storeFirst(INVERSE, SCALE_HERE, 0);
    code.add(SCALE_HERE, STEP_AWAY);
    code.add(SCALE_HERE, STEP_AWAY);
    for (int i = 0; i < Shorts.STEPS; i++) {
      int a = NUMBERS_AT + 2 * i;
      shorts.shorts(a, a + 1, SCALE_NOW);
      code.storeVector(a, TILE_HERE, 0);
      code.add(TILE_HERE, STEP_AWAY);
    }
    code.addNumber(HERE, Shorts.BLOCK * Float.BYTES);
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, STRIDE, job.stride());
    Operands.put(to, ROWS, job.rows());
    Operands.put(to, BLOCKS, job.depth() / Shorts.BLOCK);
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
  }
}
