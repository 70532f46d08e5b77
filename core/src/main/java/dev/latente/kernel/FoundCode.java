package dev.latente.kernel;

import dev.latente.kernel.HeadVectors.Results;

/// The machine code of [HeadVectors#results], for processors with AVX-512: a function in C, as
/// Linux calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; rows > 0; rows--, sums += wide, totals++, to += stride)
///   for (i = 0; i < features; i += 16) // or the last 16
///     to[i] = sums[i] · (1 / *totals)
/// ```
public final class FoundCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Where the operands are: 64 bits each. Features and sums are counted in bytes.
  private static final int SUMS = 0;
  private static final int WIDE = 8;
  private static final int TOTALS = 16;
  private static final int ROWS = 24;
  private static final int FEATURES = 32;
  private static final int TO = 40;
  private static final int STRIDE = 48;

  /// Bytes of the operands.
  public static final int OPERANDS = 56;

  private static final int OPERAND = Assembler.RDI;
  private static final int SUM = Assembler.RSI;
  private static final int TOTAL = Assembler.RDX;
  private static final int AT = Assembler.RCX; // in bytes
  private static final int WRITE = Assembler.R8;
  private static final int LAST = Assembler.R9; // where the last 16 features begin

  private static final int FACTOR = 1;

  private static final LaneNumbers NUMBERS = new LaneNumbers(LaneNumber.ONE);

  private final Assembler code = new Assembler();

  private FoundCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    FoundCode code = new FoundCode();
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Results job, long[] to) {
    Operands.put(to, SUMS, job.sums());
    Operands.put(to, WIDE, (long) job.wide() * Float.BYTES);
    Operands.put(to, TOTALS, job.totals());
    Operands.put(to, ROWS, job.rows());
    Operands.put(to, FEATURES, (long) job.features() * Float.BYTES);
    Operands.put(to, TO, job.to());
    Operands.put(to, STRIDE, job.stride());
  }

  private void function() {
    NUMBERS.load(code);
    code.load(SUM, OPERAND, SUMS);
    code.load(TOTAL, OPERAND, TOTALS);
    code.load(WRITE, OPERAND, TO);
    code.load(LAST, OPERAND, FEATURES);
    code.addNumber(LAST, -VECTOR);
    int rows = code.here();
    code.spread(FACTOR, TOTAL, 0);
    code.each(Each.DIVIDE, FACTOR, NUMBERS.of(LaneNumber.ONE), FACTOR);
    code.set(AT, 0);
    int first = code.jumpAhead(When.ALWAYS);
    int features = code.here();
    part();
    code.addNumber(AT, VECTOR);
    code.land(first);
    code.compare(AT, LAST);
    code.jumpBack(When.LESS, features);
    code.copy(AT, LAST);
    part();
    code.add(SUM, OPERAND, WIDE);
    code.addNumber(TOTAL, Float.BYTES);
    code.add(WRITE, OPERAND, STRIDE);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.ret();
  }

  private void part() {
    code.loadVector(0, SUM, AT, 0);
    code.each(Each.MULTIPLY, 0, 0, FACTOR);
    code.storeVector(0, WRITE, AT, 0);
  }
}
