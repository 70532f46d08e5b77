package dev.latente.kernel;

import dev.latente.kernel.TileProduct.Job;
import java.util.Arrays;

/// The machine code of [TileProduct] for a [TileShape]: a function in C, as Linux calls such on
/// x86-64, of one address, that of its operands.
///
/// Java cannot reach the unit for tiles, and what libtorch exports multiplies two matrices: three
/// calls of that for a product of [Halves] read half as much again, and what they read is not laid
/// out for it. In C the code would be
///
/// ```
/// configure tiles
/// for (; across > 0; across--, a += aApart, b += bApart, y += yApart)
///   for (rows = down; rows > 0; rows--, a, y += rows at once)
///     sums = add ? load y : 0
///     for each step: sums += high · low + high · high + low · high
///     store y = sums
/// release tiles
/// ```
public final class TileCode {
  /// The most steps of a call: so that what these read of some columns stays in the nearest cache.
  public static final int STEPS = 18;

  // Behind the other operands is what the unit is set up with: its kind, and of each register the
  // bytes of a row, and the rows. Then come the distances of steps.
  private static final int SET_UP = 128;
  private static final int ROW_BYTES = SET_UP + 16;
  private static final int ROWS = SET_UP + 48;
  private static final int STEP = 192;

  /// Bytes of the operands.
  public static final int OPERANDS = STEP + STEPS * Long.BYTES;

  private static final long KIND = 1;
  private static final int REGISTERS = 8;
  private static final int LINE = TileShape.DEEP * Short.BYTES;
  private static final long LINES = LINE * 0x0001000100010001L; // of four registers
  private static final long SIDES = TileShape.SIDE * 0x0101010101010101L; // of eight

  // What registers hold.
  private static final int OPERAND = Assembler.RDI;
  private static final int HERE = Assembler.RAX; // of a step in a
  private static final int STEP_NOW = Assembler.RBX;
  private static final int STEPS_IN_ALL = Assembler.R9;
  private static final int ROW_OF_A = Assembler.R10;
  private static final int LOW_AWAY = Assembler.R8;
  private static final int COLUMN_OF_B = Assembler.R11;
  private static final int B_HERE = Assembler.RSI;
  private static final int COLUMN_OF_Y = Assembler.R13;
  private static final int Y_HERE = Assembler.RDX;
  private static final int LINE_OF_Y = Assembler.R15;
  private static final int TILE_OF_Y = Assembler.RBP; // bytes of 16 lines
  private static final int ROWS_LEFT = Assembler.R12;
  private static final int LINE_OF_TILE = Assembler.R14;
  private static final int[] KEPT = {
    Assembler.RBX, Assembler.RBP, Assembler.R12, Assembler.R13, Assembler.R14, Assembler.R15
  };

  private final TileShape shape;
  private final Assembler code = new Assembler();

  private TileCode(TileShape shape) {
    this.shape = shape;
  }

  /// The code for a shape. It may lie anywhere.
  public static byte[] of(TileShape shape) {
    TileCode code = new TileCode(shape);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands of some steps of a product.
  ///
  /// @param to room for [#OPERANDS] bytes
  /// @param from the first step; it and those before it were added up if it is not 0
  /// @param count at most [#STEPS]
  public static void operands(Job job, int from, int count, long[] to) {
    TileShape shape = job.shape();
    ProductOperands.put(job, from, count, shape.padded(job.rows()) / shape.rows(), to);
    System.arraycopy(job.steps(), from, to, STEP / Long.BYTES, count);
    Arrays.fill(to, SET_UP / Long.BYTES, STEP / Long.BYTES, 0);
    Operands.put(to, SET_UP, KIND);
    for (int i = 0; i < REGISTERS; i += Long.BYTES / Short.BYTES) {
      Operands.put(to, ROW_BYTES + i * Short.BYTES, LINES);
    }
    Operands.put(to, ROWS, SIDES);
  }

  private void function() {
    for (int register : KEPT) {
      code.push(register);
    }
    code.configure(OPERAND, SET_UP);
    code.set(LINE_OF_TILE, LINE);
    code.load(LOW_AWAY, OPERAND, ProductOperands.LOW);
    code.load(STEPS_IN_ALL, OPERAND, ProductOperands.STEP_COUNT);
    code.load(COLUMN_OF_B, OPERAND, ProductOperands.B);
    code.load(COLUMN_OF_Y, OPERAND, ProductOperands.Y);
    code.load(LINE_OF_Y, OPERAND, ProductOperands.Y_LINE);
    code.copy(TILE_OF_Y, LINE_OF_Y);
    code.shiftLeft(TILE_OF_Y, Integer.numberOfTrailingZeros(TileShape.SIDE));
    int columns = code.here();
    code.load(ROW_OF_A, OPERAND, ProductOperands.A);
    code.copy(Y_HERE, COLUMN_OF_Y);
    code.load(ROWS_LEFT, OPERAND, ProductOperands.DOWN);
    int rows = code.here();
    sums();
    code.addNumber(ROW_OF_A, shape.rows() * LINE);
    code.addNumber(ROWS_LEFT, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.load(HERE, OPERAND, ProductOperands.A_APART);
    code.addToMemory(OPERAND, ProductOperands.A, HERE);
    code.add(COLUMN_OF_Y, OPERAND, ProductOperands.Y_APART);
    code.add(COLUMN_OF_B, OPERAND, ProductOperands.B_APART);
    code.addNumberToMemory(OPERAND, ProductOperands.ACROSS, -1);
    code.jumpBack(When.NOT_ZERO, columns);
    code.release();
    for (int i = KEPT.length - 1; i >= 0; i--) {
      code.pop(KEPT[i]);
    }
    code.ret();
  }

  /// Sums of some rows and columns; [#Y_HERE] moves to the next rows.
  private void sums() {
    code.load(HERE, OPERAND, ProductOperands.ADD);
    code.addNumber(HERE, 0); // tells whether it is zero
    int zeros = code.jumpAhead(When.ZERO);
    code.copy(HERE, Y_HERE);
    for (int row = 0; row < shape.down(); row++) {
      for (int column = 0; column < shape.across(); column++) {
        code.loadTile(sum(row, column), HERE, column * LINE, LINE_OF_Y);
      }
      code.add(HERE, TILE_OF_Y);
    }
    int ready = code.jumpAhead(When.ALWAYS);
    code.land(zeros);
    for (int tile = 0; tile < shape.down() * shape.across(); tile++) {
      code.clear(tile);
    }
    code.land(ready);
    code.copy(B_HERE, COLUMN_OF_B);
    code.set(STEP_NOW, 0);
    int steps = code.here();
    step();
    code.addNumber(B_HERE, shape.stepBytes());
    code.addNumber(STEP_NOW, 1);
    code.compare(STEP_NOW, STEPS_IN_ALL);
    code.jumpBack(When.LESS, steps);
    for (int row = 0; row < shape.down(); row++) {
      for (int column = 0; column < shape.across(); column++) {
        code.storeTile(sum(row, column), Y_HERE, column * LINE, LINE_OF_Y);
      }
      code.add(Y_HERE, TILE_OF_Y);
    }
  }

  private int sum(int row, int column) {
    return row * shape.across() + column;
  }

  private int a(int row) {
    return shape.down() * shape.across() + row;
  }

  private int b(int column) {
    return a(shape.down()) + column;
  }

  /// Of halves each product has a factor of the one before, so that only the other is loaded.
  private void step() {
    code.load(HERE, OPERAND, STEP_NOW, STEP);
    code.add(HERE, ROW_OF_A);
    if (shape.halves()) {
      products(Math.toIntExact(shape.lowHalf()), true, true);
      products(0, false, true);
      code.add(HERE, LOW_AWAY);
      products(0, true, false);
    } else {
      products(0, true, true);
    }
  }

  /// Adds products, each tile being loaded just before its first use if it is to be.
  private void products(int half, boolean loadA, boolean loadB) {
    for (int row = 0; row < shape.down(); row++) {
      if (loadA) {
        code.loadTile(a(row), HERE, row * TileShape.BYTES, LINE_OF_TILE);
      }
      for (int column = 0; column < shape.across(); column++) {
        if (loadB && row == 0) {
          code.loadTile(b(column), B_HERE, half + column * TileShape.BYTES, LINE_OF_TILE);
        }
        code.dot(sum(row, column), a(row), b(column));
      }
    }
  }
}
