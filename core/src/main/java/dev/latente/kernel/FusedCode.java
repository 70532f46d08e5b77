package dev.latente.kernel;

import dev.latente.kernel.TileProduct.Job;

/// The machine code of [TileProduct] of numbers as they are, [TileNumbers#WHOLE], for processors
/// with AVX-512: a function in C, as Linux calls such on x86-64, of one address, that of its
/// operands.
///
/// Eight rows are multiplied at once; each number of theirs is put into all lanes and multiplied
/// with 32 or 48 columns, and added up in registers, by instructions that round once. In C the code
/// would be
///
/// ```
/// for (; across > 0; across--, a += aApart, b += bApart, y += yApart)
///   for (rows = down; rows > 0; rows--, a, y += 8 rows)
///     sums = add ? load y : 0
///     for each step
///       for each of its lines, for (k = 0; k < 16; k++)
///         for (row = 0; row < 8; row++) sums[row] += a[row][k] · b[k]
///     store y = sums
/// ```
public final class FusedCode {
  /// The most steps of a call: so that what these read of some columns stays in the nearest cache.
  public static final int STEPS = 8;

  /// Rows at once.
  static final int ROWS = 8;

  private static final int LANES = TileShape.SIDE;
  private static final int VECTOR = LANES * Float.BYTES;

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
  private static final int LOW_AWAY = Assembler.R8;
  private static final int B_HERE = Assembler.RSI;
  private static final int Y_HERE = Assembler.RDX;
  private static final int LINE_OF_Y = Assembler.R11;
  private static final int ROWS_LEFT = Assembler.RBX;

  private static final int REGISTERS = 32;

  private final TileShape shape;
  private final Assembler code = new Assembler();

  private FusedCode(TileShape shape) {
    this.shape = shape;
  }

  /// The code for a shape. It may lie anywhere.
  public static byte[] of(TileShape shape) {
    FusedCode code = new FusedCode(shape);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands of some steps of a product.
  ///
  /// @param to room for [#OPERANDS] bytes
  /// @param from the first step; it and those before it were added up if it is not 0
  /// @param count at most [#STEPS]
  public static void operands(Job job, int from, int count, long[] to) {
    ProductOperands.put(job, from, count, Math.ceilDiv(job.rows(), ROWS), to);
    System.arraycopy(job.steps(), from, to, STEP / Long.BYTES, count);
  }

  private void function() {
    code.push(ROWS_LEFT);
    code.load(LOW_AWAY, OPERAND, ProductOperands.LOW);
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
    code.addNumber(ROW_OF_A, ROWS * VECTOR);
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
    code.pop(ROWS_LEFT);
    code.ret();
  }

  /// Sums of some rows and columns; [#Y_HERE] moves to the next rows.
  private void sums() {
    code.load(HERE, OPERAND, ProductOperands.ADD);
    code.addNumber(HERE, 0); // tells whether it is zero
    int zeros = code.jumpAhead(When.ZERO);
    code.copy(HERE, Y_HERE);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < shape.across(); column++) {
        code.loadVector(sum(row, column), HERE, column * VECTOR);
      }
      code.add(HERE, LINE_OF_Y);
    }
    int ready = code.jumpAhead(When.ALWAYS);
    code.land(zeros);
    for (int sum = 0; sum < ROWS * shape.across(); sum++) {
      code.each(Each.EXCLUSIVE_OR, sum, sum, sum);
    }
    code.land(ready);
    code.load(B_HERE, OPERAND, ProductOperands.B);
    code.copy(STEP_NOW, OPERAND);
    int steps = code.here();
    code.load(HERE, STEP_NOW, STEP);
    code.add(HERE, ROW_OF_A);
    line(0);
    if (shape.halves()) {
      code.add(HERE, LOW_AWAY);
      line(Math.toIntExact(shape.lowHalf()));
    }
    code.addNumber(B_HERE, shape.stepBytes());
    code.addNumber(STEP_NOW, Long.BYTES);
    code.compare(STEP_NOW, STEP_END);
    code.jumpBack(When.LESS, steps);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < shape.across(); column++) {
        code.storeVector(sum(row, column), Y_HERE, column * VECTOR);
      }
      code.add(Y_HERE, LINE_OF_Y);
    }
  }

  private int sum(int row, int column) {
    return row * shape.across() + column;
  }

  /// Adds the products of 16 numbers of each row, and asks for those of the next eight rows where a
  /// step has two lines.
  ///
  /// @param from where what they are multiplied with begins, behind `b`
  private void line(int from) {
    int first = ROWS * shape.across(); // register that holds no sum
    int free = first + shape.across();
    for (int k = 0; k < LANES; k++) {
      for (int column = 0; column < shape.across(); column++) {
        code.loadVector(first + column, B_HERE, from + column * TileShape.BYTES + k * VECTOR);
      }
      if (shape.halves() && k < ROWS) {
        code.prefetch(HERE, (ROWS + k) * VECTOR);
      }
      for (int row = 0; row < ROWS; row++) {
        int number = free + row % (REGISTERS - free);
        code.spread(number, HERE, row * VECTOR + k * Float.BYTES);
        for (int column = 0; column < shape.across(); column++) {
          code.each(Each.PLUS_PRODUCT, sum(row, column), number, first + column);
        }
      }
    }
  }
}
