package dev.latente.kernel;

import dev.latente.kernel.RowOutputs.Add;

/// The machine code of [RowOutputs#add], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; rows > 0; rows--, x += columns, other += stride, y += stride)
///   for (i = 0; i < columns; i++) y[i] = x[i] + bias[i] + other[i]
/// ```
public final class AddCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Where the operands are: 64 bits each. Columns are counted in bytes.
  private static final int X = 0;
  private static final int ROWS = 8;
  private static final int COLUMNS = 16;
  private static final int BIAS = 24;
  private static final int OTHER = 32;
  private static final int Y = 40;
  private static final int STRIDE = 48;

  /// Bytes of the operands.
  public static final int OPERANDS = 56;

  private static final int OPERAND = Assembler.RDI;
  private static final int SUM = Assembler.RSI;
  private static final int SHIFT = Assembler.RDX;
  private static final int MORE = Assembler.R8;
  private static final int WRITE = Assembler.R9;
  private static final int AT = Assembler.RCX; // in bytes
  private static final int END = Assembler.R10;

  private AddCode() {}

  /// The code. It may lie anywhere.
  ///
  /// @param plus whether another matrix is added
  public static byte[] of(boolean plus) {
    Assembler code = new Assembler();
    code.load(SUM, OPERAND, X);
    code.load(SHIFT, OPERAND, BIAS);
    code.load(MORE, OPERAND, OTHER);
    code.load(WRITE, OPERAND, Y);
    code.load(END, OPERAND, COLUMNS);
    int rows = code.here();
    code.set(AT, 0);
    int columns = code.here();
    code.loadVector(0, SUM, AT, 0);
    code.addVector(0, 0, SHIFT, AT, 0);
    if (plus) {
      code.addVector(0, 0, MORE, AT, 0);
    }
    code.storeVector(0, WRITE, AT, 0);
    code.addNumber(AT, VECTOR);
    code.compare(AT, END);
    code.jumpBack(When.LESS, columns);
    code.add(SUM, END);
    code.add(MORE, OPERAND, STRIDE);
    code.add(WRITE, OPERAND, STRIDE);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.ret();
    return code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Add job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, ROWS, job.rows());
    Operands.put(to, COLUMNS, (long) job.columns() * Float.BYTES);
    Operands.put(to, BIAS, job.bias());
    Operands.put(to, OTHER, job.other());
    Operands.put(to, Y, job.y());
    Operands.put(to, STRIDE, job.stride());
  }
}
