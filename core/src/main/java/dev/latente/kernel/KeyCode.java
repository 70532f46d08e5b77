package dev.latente.kernel;

import dev.latente.kernel.HeadVectors.Keys;

/// The machine code of [HeadVectors#keys], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (i = 0; i < features; i++)
///   parts[i] = parts[i + 2 · features] = high(x[i]); parts[i + features] = x[i] - high(x[i])
/// for (i = 3 · features; i < depth; i++) parts[i] = 0
/// for (i = 0; i < depth; i += 32, to += apart)
///   for (j = 0; j < 16; j++) to[j] = rounded parts[i + j] and parts[i + j + 16]
/// ```
public final class KeyCode {
  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;

  // Where the operands are: 64 bits each. Features and zeros are counted in bytes of their vectors.
  private static final int X = 0;
  private static final int FEATURES = 8;
  private static final int ZEROS = 16;
  private static final int STEPS = 24;
  private static final int TO = 32;
  private static final int APART = 40;
  private static final int PARTS = 48;

  /// Bytes of the operands.
  public static final int OPERANDS = 56;

  private static final int OPERAND = Assembler.RDI;
  private static final int HERE = Assembler.RSI;
  private static final int PART = Assembler.RDX;
  private static final int LOW_AWAY = Assembler.RCX;
  private static final int LAST = Assembler.R8; // where the third part is
  private static final int LEFT = Assembler.RAX;
  private static final int WRITE = Assembler.R9;

  private static final LaneNumbers NUMBERS = new LaneNumbers(LaneNumber.HALF_UNIT, LaneNumber.HIGH);

  private final Assembler code = new Assembler();
  private final HalfCode halves = new HalfCode(code, NUMBERS, TileNumbers.HALVES);

  private KeyCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    KeyCode code = new KeyCode();
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Keys job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, FEATURES, (long) job.features() * VECTOR);
    Operands.put(to, ZEROS, (job.depth() - 3L * job.features()) * VECTOR);
    Operands.put(to, STEPS, job.depth() / Halves.CHUNK);
    Operands.put(to, TO, job.to());
    Operands.put(to, APART, job.apart());
    Operands.put(to, PARTS, job.scratch());
  }

  private void function() {
    NUMBERS.load(code);
    code.load(HERE, OPERAND, X);
    code.load(PART, OPERAND, PARTS);
    code.load(LOW_AWAY, OPERAND, FEATURES);
    code.copy(LAST, PART);
    code.add(LAST, LOW_AWAY);
    code.add(LAST, LOW_AWAY);
    code.copy(LEFT, LOW_AWAY);
    int features = code.here();
    code.loadVector(0, HERE, 0);
    halves.round(1, 0);
    code.each(Each.SUBTRACT, 0, 0, 1);
    code.storeVector(1, PART, 0);
    code.storeVector(0, PART, LOW_AWAY, 0);
    code.storeVector(1, LAST, 0);
    code.addNumber(HERE, VECTOR);
    code.addNumber(PART, VECTOR);
    code.addNumber(LAST, VECTOR);
    code.addNumber(LEFT, -VECTOR);
    code.jumpBack(When.NOT_ZERO, features);
    zeros();
    tiles();
    code.forgetUpperLanes();
    code.ret();
  }

  private void zeros() {
    code.load(LEFT, OPERAND, ZEROS);
    code.addNumber(LEFT, 0); // tells whether it is zero
    int none = code.jumpAhead(When.ZERO);
    code.each(Each.EXCLUSIVE_OR, 0, 0, 0);
    int loop = code.here();
    code.storeVector(0, LAST, 0);
    code.addNumber(LAST, VECTOR);
    code.addNumber(LEFT, -VECTOR);
    code.jumpBack(When.NOT_ZERO, loop);
    code.land(none);
  }

  private void tiles() {
    code.load(PART, OPERAND, PARTS);
    code.load(WRITE, OPERAND, TO);
    int steps = code.here();
    for (int i = 0; i < LANES; i++) {
      code.loadVector(0, PART, i * VECTOR);
      code.loadVector(1, PART, (i + LANES) * VECTOR);
      halves.pair(0, 1);
      code.storeVector(0, WRITE, i * VECTOR);
    }
    code.addNumber(PART, Halves.CHUNK * VECTOR);
    code.add(WRITE, OPERAND, APART);
    code.addNumberToMemory(OPERAND, STEPS, -1);
    code.jumpBack(When.NOT_ZERO, steps);
  }
}
