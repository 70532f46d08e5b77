package dev.latente.kernel;

import dev.latente.kernel.HeadVectors.Queries;

/// The machine code of [HeadVectors#queries], for processors with AVX-512: a function in C, as
/// Linux calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; rows > 0; rows--, x += stride, to += 64)
///   for (i = 0; i < features; i += 16) // or the last 16
///     parts[i] = parts[i + features] = high(x[i] · scale)
///     parts[i + 2 · features] = x[i] · scale - parts[i]
///   for (i = 0; i < depth; i += 32)
///     to[i / 32 · apart] = rounded parts[i] and parts[i + 16]
/// ```
///
/// Numbers that stay as they are have one part, and 16 of them make a line.
public final class QueryCode {
  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;

  // Where the operands are: 64 bits each. Features are counted in bytes.
  private static final int X = 0;
  private static final int STRIDE = 8;
  private static final int ROWS = 16;
  private static final int FEATURES = 24;
  private static final int STEPS = 32;
  private static final int SCALE = 40;
  private static final int TO = 48;
  private static final int APART = 56;
  private static final int PARTS = 64;

  /// Bytes of the operands.
  public static final int OPERANDS = 72;

  private static final int OPERAND = Assembler.RDI;
  private static final int ROW = Assembler.RSI;
  private static final int PART = Assembler.RDX;
  private static final int AT = Assembler.RCX; // in bytes
  private static final int SECOND = Assembler.R8;
  private static final int THIRD = Assembler.R9;
  private static final int LAST = Assembler.R10; // where the last 16 features begin
  private static final int WRITE = Assembler.R11;
  private static final int HERE = Assembler.RAX;
  private static final int STEP_AWAY = Assembler.RBX;

  private static final int FACTOR = 2;

  private static final LaneNumbers NUMBERS = new LaneNumbers(LaneNumber.HALF_UNIT, LaneNumber.HIGH);

  private final Assembler code = new Assembler();
  private final HalfCode halves;
  private final TileNumbers form;

  private QueryCode(TileNumbers form) {
    this.form = form;
    halves = new HalfCode(code, NUMBERS, form);
  }

  /// The code for what numbers become. It may lie anywhere.
  public static byte[] of(TileNumbers form) {
    QueryCode code = new QueryCode(form);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Queries job, TileNumbers form, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, STRIDE, job.stride());
    Operands.put(to, ROWS, job.rows());
    Operands.put(to, FEATURES, (long) job.features() * Float.BYTES);
    Operands.put(to, STEPS, job.depth() / form.line());
    Operands.put(to, SCALE, Float.floatToRawIntBits(job.scale()));
    Operands.put(to, TO, job.to());
    Operands.put(to, APART, job.apart());
    Operands.put(to, PARTS, job.scratch());
  }

  private void function() {
    code.push(STEP_AWAY);
    NUMBERS.load(code);
    code.spread(FACTOR, OPERAND, SCALE);
    code.load(ROW, OPERAND, X);
    code.load(PART, OPERAND, PARTS);
    code.load(LAST, OPERAND, FEATURES);
    code.copy(SECOND, PART);
    code.add(SECOND, LAST);
    code.copy(THIRD, SECOND);
    code.add(THIRD, LAST);
    code.addNumber(LAST, -VECTOR);
    code.load(STEP_AWAY, OPERAND, APART);
    int rows = code.here();
    code.set(AT, 0);
    int first = code.jumpAhead(When.ALWAYS);
    int features = code.here();
    parts();
    code.addNumber(AT, VECTOR);
    code.land(first);
    code.compare(AT, LAST);
    code.jumpBack(When.LESS, features);
    code.copy(AT, LAST);
    parts();
    lines();
    code.add(ROW, OPERAND, STRIDE);
    code.addNumberToMemory(OPERAND, TO, VECTOR);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.pop(STEP_AWAY);
    code.ret();
  }

  /// Writes the parts of 16 features.
  private void parts() {
    code.loadVector(0, ROW, AT, 0);
    code.each(Each.MULTIPLY, 0, 0, FACTOR);
    if (form == TileNumbers.WHOLE) {
      code.storeVector(0, PART, AT, 0);
      return;
    }
    halves.round(1, 0);
    code.each(Each.SUBTRACT, 0, 0, 1);
    code.storeVector(1, PART, AT, 0);
    code.storeVector(1, SECOND, AT, 0);
    code.storeVector(0, THIRD, AT, 0);
  }

  private void lines() {
    code.copy(HERE, PART);
    code.load(WRITE, OPERAND, TO);
    code.load(AT, OPERAND, STEPS);
    int steps = code.here();
    code.loadVector(0, HERE, 0);
    if (form == TileNumbers.HALVES) {
      code.loadVector(1, HERE, VECTOR);
      halves.pair(0, 1);
    }
    code.storeVector(0, WRITE, 0);
    code.addNumber(HERE, form.line() * Float.BYTES);
    code.add(WRITE, STEP_AWAY);
    code.addNumber(AT, -1);
    code.jumpBack(When.NOT_ZERO, steps);
  }
}
