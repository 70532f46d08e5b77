package dev.latente.kernel;

import dev.latente.kernel.RowOutputs.Gate;

/// The machine code of [RowOutputs#gate], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; rows > 0; rows--, x += 2 · columns, y += stride)
///   for (i = 0; i < columns; i++)
///     y[i] = (x[i] + bias[i]) · gelu(x[i + columns] + bias[i + apart])
/// ```
///
/// The gelu is that of [Gelu].
public final class GateCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Where the operands are: 64 bits each. Columns are counted in bytes.
  private static final int X = 0;
  private static final int ROWS = 8;
  private static final int COLUMNS = 16;
  private static final int BIAS = 24;
  private static final int GATE_BIAS = 32;
  private static final int Y = 40;
  private static final int STRIDE = 48;

  /// Bytes of the operands.
  public static final int OPERANDS = 56;

  private static final int OPERAND = Assembler.RDI;
  private static final int VALUE = Assembler.RSI;
  private static final int GATE = Assembler.RDX;
  private static final int AT = Assembler.RCX; // in bytes
  private static final int SHIFT = Assembler.R8;
  private static final int GATE_SHIFT = Assembler.R9;
  private static final int WRITE = Assembler.R10;
  private static final int END = Assembler.R11;

  // What vectors hold: a gate, half the square of its root, a fraction, what is beyond the gate.
  private static final int G = 0;
  private static final int Z = 1;
  private static final int T = 2;
  private static final int TAIL = 3;
  private static final int POWER = 4;
  private static final int WHOLE = 5;

  private static final LaneNumbers NUMBERS =
      LaneNumbers.withPowers(
          LaneNumber.MINUS_LOG2_E,
          LaneNumber.UNSIGNED,
          LaneNumber.HALF,
          LaneNumber.ROOT_HALF,
          LaneNumber.LEAST_GATE,
          LaneNumber.ERROR_P,
          LaneNumber.ERROR_5,
          LaneNumber.ERROR_4,
          LaneNumber.ERROR_3,
          LaneNumber.ERROR_2,
          LaneNumber.ERROR_1);

  private final Assembler code = new Assembler();

  private GateCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    GateCode code = new GateCode();
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Gate job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, ROWS, job.rows());
    Operands.put(to, COLUMNS, (long) job.columns() * Float.BYTES);
    Operands.put(to, BIAS, job.bias());
    Operands.put(to, GATE_BIAS, job.bias() + job.apart());
    Operands.put(to, Y, job.y());
    Operands.put(to, STRIDE, job.stride());
  }

  private void function() {
    NUMBERS.load(code);
    code.load(VALUE, OPERAND, X);
    code.load(SHIFT, OPERAND, BIAS);
    code.load(GATE_SHIFT, OPERAND, GATE_BIAS);
    code.load(WRITE, OPERAND, Y);
    code.load(END, OPERAND, COLUMNS);
    int rows = code.here();
    code.copy(GATE, VALUE);
    code.add(GATE, END);
    code.set(AT, 0);
    int columns = code.here();
    code.loadVector(G, GATE, AT, 0);
    code.addVector(G, G, GATE_SHIFT, AT, 0);
    gelu();
    code.loadVector(Z, VALUE, AT, 0);
    code.addVector(Z, Z, SHIFT, AT, 0);
    code.each(Each.MULTIPLY, G, G, Z);
    code.storeVector(G, WRITE, AT, 0);
    code.addNumber(AT, VECTOR);
    code.compare(AT, END);
    code.jumpBack(When.LESS, columns);
    code.copy(VALUE, GATE);
    code.add(VALUE, END);
    code.add(WRITE, OPERAND, STRIDE);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.ret();
  }

  /// Makes a gate its gelu.
  private void gelu() {
    code.each(Each.AND, Z, G, NUMBERS.of(LaneNumber.UNSIGNED));
    code.each(Each.MULTIPLY, Z, Z, NUMBERS.of(LaneNumber.ROOT_HALF));
    code.each(Each.MULTIPLY, T, Z, NUMBERS.of(LaneNumber.ERROR_P));
    code.each(Each.ADD, T, T, NUMBERS.of(LaneNumber.ONE));
    code.each(Each.DIVIDE, T, NUMBERS.of(LaneNumber.ONE), T);
    code.copyVector(TAIL, NUMBERS.of(LaneNumber.ERROR_5));
    code.each(Each.TIMES_AND_PLUS, TAIL, T, NUMBERS.of(LaneNumber.ERROR_4));
    code.each(Each.TIMES_AND_PLUS, TAIL, T, NUMBERS.of(LaneNumber.ERROR_3));
    code.each(Each.TIMES_AND_PLUS, TAIL, T, NUMBERS.of(LaneNumber.ERROR_2));
    code.each(Each.TIMES_AND_PLUS, TAIL, T, NUMBERS.of(LaneNumber.ERROR_1));
    code.each(Each.MULTIPLY, TAIL, TAIL, T);
    code.each(Each.MULTIPLY, TAIL, TAIL, NUMBERS.of(LaneNumber.HALF));
    code.each(Each.MULTIPLY, Z, Z, Z);
    code.each(Each.MULTIPLY, Z, Z, NUMBERS.of(LaneNumber.MINUS_LOG2_E));
    code.each(Each.GREATER, Z, NUMBERS.of(LaneNumber.LEAST_GATE), Z);
    new PowerCode(code, NUMBERS).power(POWER, Z, WHOLE, NUMBERS.of(LaneNumber.TO_INTEGER));
    code.each(Each.MULTIPLY, TAIL, TAIL, POWER);
    // The distribution function is the tail below zero, and 1 minus it above.
    code.each(Each.EXCLUSIVE_OR, Z, Z, Z);
    code.compareAtLeast(G, Z);
    code.eachWhere(Each.SUBTRACT, TAIL, NUMBERS.of(LaneNumber.ONE), TAIL);
    code.each(Each.MULTIPLY, G, TAIL, G);
  }
}
