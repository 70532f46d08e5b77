package dev.latente.kernel;

import dev.latente.kernel.TileProduct.Job;

/// The machine code of [TileProduct] of [Shorts], for processors with AVX-512 and its VNNI: a
/// function in C, as Linux calls such on x86-64, of one address, that of its operands.
///
/// Eight rows are multiplied with 32 columns at once: a pair of a row's numbers is put into all
/// lanes and multiplied with pairs of the columns', and added up in registers. In C the code would
/// be
///
/// ```
/// for (; across > 0; across--, a += aApart, b += bApart, y += yApart)
///   for (rows = down; rows > 0; rows--, a, y += 8 rows)
///     for each block
///       sums = 0
///       for each of its steps, for (k = 0; k < 16; k++)
///         for (row = 0; row < 8; row++) sums[row] += a[row][2k] · b[2k] + a[row][2k + 1] · b[2k + 1]
///       y = sums · scale of a · scale of b + (add or not the first block ? y : 0)
/// ```
public final class ShortCode {
  /// The most steps of a call, whole blocks: so that what these read of some columns stays in the
  /// nearest cache.
  public static final int STEPS = 16;

  private static final TileShape SHAPE = TileShape.SHORTS;
  private static final int ROWS = FusedCode.ROWS;
  private static final int COLUMNS = SHAPE.across();
  private static final int VECTOR = TileShape.SIDE * Float.BYTES;

  // Where the distances of steps are, behind the other operands.
  private static final int STEP = ProductOperands.BYTES;

  /// Bytes of the operands.
  public static final int OPERANDS = STEP + STEPS * Long.BYTES;

  // What registers hold.
  private static final int OPERAND = Assembler.RDI;
  private static final int HERE = Assembler.RAX; // of a step in a
  private static final int STEP_NOW = Assembler.RCX;
  private static final int STEP_END = Assembler.R9;
  private static final int ROW_OF_A = Assembler.R10;
  private static final int SCALES = Assembler.R8; // of the rows
  private static final int B_HERE = Assembler.RSI;
  private static final int Y_HERE = Assembler.RDX;
  private static final int LINE_OF_Y = Assembler.R11;
  private static final int ROWS_LEFT = Assembler.RBX;
  private static final int Y_ROW = Assembler.R13;
  private static final int ADDING = Assembler.R14;
  private static final int[] KEPT = {Assembler.RBX, Assembler.R13, Assembler.R14};

  private static final int COLUMN = ROWS * COLUMNS; // registers of pairs of columns, or of scales
  private static final int FREE = COLUMN + COLUMNS;
  private static final int REGISTERS = 32;

  private final Assembler code = new Assembler();

  private ShortCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    ShortCode code = new ShortCode();
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands of some steps of a product.
  ///
  /// @param to room for [#OPERANDS] bytes
  /// @param from the first step; it and those before it were added up if it is not 0
  /// @param count at most [#STEPS], whole blocks
  public static void operands(Job job, int from, int count, long[] to) {
    ProductOperands.put(job, from, count, Math.ceilDiv(job.rows(), ROWS), to);
    System.arraycopy(job.steps(), from, to, STEP / Long.BYTES, count);
  }

  private void function() {
    for (int register : KEPT) {
      code.push(register);
    }
    code.load(LINE_OF_Y, OPERAND, ProductOperands.Y_LINE);
    code.load(STEP_END, OPERAND, ProductOperands.STEP_COUNT);
    code.shiftLeft(STEP_END, Integer.numberOfTrailingZeros(Long.BYTES));
    code.add(STEP_END, OPERAND);
    int columns = code.here();
    code.load(ROW_OF_A, OPERAND, ProductOperands.A);
    code.load(Y_HERE, OPERAND, ProductOperands.Y);
    code.load(ROWS_LEFT, OPERAND, ProductOperands.DOWN);
    int rows = code.here();
    sums();
    code.addNumber(ROW_OF_A, ROWS * Shorts.LINE);
    code.addNumber(ROWS_LEFT, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.load(HERE, OPERAND, ProductOperands.A_APART);
    code.addToMemory(OPERAND, ProductOperands.A, HERE);
    code.load(HERE, OPERAND, ProductOperands.B_APART);
    code.addToMemory(OPERAND, ProductOperands.B, HERE);
    code.load(HERE, OPERAND, ProductOperands.Y_APART);
    code.addToMemory(OPERAND, ProductOperands.Y, HERE);
    code.addNumberToMemory(OPERAND, ProductOperands.ACROSS, -1);
    code.jumpBack(When.NOT_ZERO, columns);
    code.forgetUpperLanes();
    for (int i = KEPT.length - 1; i >= 0; i--) {
      code.pop(KEPT[i]);
    }
    code.ret();
  }

  /// Sums of some rows and columns; [#Y_HERE] moves to the next rows.
  private void sums() {
    code.load(ADDING, OPERAND, ProductOperands.ADD);
    code.load(B_HERE, OPERAND, ProductOperands.B);
    code.copy(STEP_NOW, OPERAND);
    int blocks = code.here();
    for (int sum = 0; sum < ROWS * COLUMNS; sum++) {
      code.each(Each.EXCLUSIVE_OR, sum, sum, sum);
    }
    for (int step = 0; step < Shorts.STEPS; step++) {
      code.load(HERE, STEP_NOW, STEP + step * Long.BYTES);
      code.add(HERE, ROW_OF_A);
      if (step == 0) {
        code.copy(SCALES, HERE);
        code.add(SCALES, OPERAND, ProductOperands.LOW);
      }
      step(step * SHAPE.stepBytes());
    }
    for (int column = 0; column < COLUMNS; column++) {
      code.loadVector(
          COLUMN + column, B_HERE, Math.toIntExact(SHAPE.tile(column) + SHAPE.lowHalf()));
    }
    code.copy(Y_ROW, Y_HERE);
    code.addNumber(ADDING, 0); // tells whether it is zero
    int first = code.jumpAhead(When.ZERO);
    store(true);
    int stored = code.jumpAhead(When.ALWAYS);
    code.land(first);
    store(false);
    code.set(ADDING, 1);
    code.land(stored);
    code.addNumber(B_HERE, Shorts.STEPS * SHAPE.stepBytes());
    code.addNumber(STEP_NOW, Shorts.STEPS * Long.BYTES);
    code.compare(STEP_NOW, STEP_END);
    code.jumpBack(When.LESS, blocks);
    code.copy(Y_HERE, Y_ROW);
  }

  private static int sum(int row, int column) {
    return row * COLUMNS + column;
  }

  /// Adds the products of 32 numbers of each row, and asks for those of the next eight rows.
  private void step(int from) {
    for (int k = 0; k < TileShape.SIDE; k++) {
      for (int column = 0; column < COLUMNS; column++) {
        code.loadVector(
            COLUMN + column, B_HERE, Math.toIntExact(from + SHAPE.tile(column) + k * VECTOR));
      }
      if (k < ROWS) {
        code.prefetch(HERE, (ROWS + k) * Shorts.LINE);
      }
      for (int row = 0; row < ROWS; row++) {
        int pair = FREE + row % (REGISTERS - FREE);
        code.spread(pair, HERE, row * Shorts.LINE + k * Float.BYTES);
        for (int column = 0; column < COLUMNS; column++) {
          code.each(Each.PLUS_PAIRS, sum(row, column), pair, COLUMN + column);
        }
      }
    }
  }

  /// Multiplies the sums with the scales and stores them, or adds them to what is there.
  private void store(boolean add) {
    for (int row = 0; row < ROWS; row++) {
      int scale = FREE + row % (REGISTERS - FREE);
      code.spread(scale, SCALES, row * Float.BYTES);
      for (int column = 0; column < COLUMNS; column++) {
        int sum = sum(row, column);
        code.each(Each.FROM_WHOLE, sum, sum);
        code.each(Each.MULTIPLY, sum, sum, COLUMN + column);
        if (add) {
          code.each(Each.TIMES_AND_PLUS, sum, scale, Y_ROW, column * VECTOR);
        } else {
          code.each(Each.MULTIPLY, sum, sum, scale);
        }
        code.storeVector(sum, Y_ROW, column * VECTOR);
      }
      code.add(Y_ROW, LINE_OF_Y);
    }
  }
}
