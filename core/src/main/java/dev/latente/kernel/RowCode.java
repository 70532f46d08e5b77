package dev.latente.kernel;

import dev.latente.kernel.RowHalves.Job;

/// The machine code of [RowHalves], for processors with AVX-512: a function in C, as Linux calls
/// such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; rows > 0; rows--, x += stride, to += 64)
///   for (chunk = 0; chunk < chunks; chunk++)
///     a, b = 16 numbers of x[chunk], 16 more
///     to[2 · chunk · low] = high(a), high(b); to[(2 · chunk + 1) · low] = low(a), low(b)
/// ```
///
/// All numbers are those of [HalfCode#split].
public final class RowCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Where the operands are: 64 bits each.
  private static final int X = 0;
  private static final int STRIDE = 8;
  private static final int ROWS = 16;
  private static final int CHUNKS = 24;
  private static final int TO = 32;
  private static final int LOW = 40;

  /// Bytes of the operands.
  public static final int OPERANDS = 48;

  private static final int OPERAND = Assembler.RDI;
  private static final int ROW = Assembler.RSI;
  private static final int TILE = Assembler.RDX; // where its first halves go
  private static final int CHUNKS_LEFT = Assembler.RAX;
  private static final int HERE = Assembler.RCX;
  private static final int HIGH_HERE = Assembler.R8;
  private static final int LOW_AWAY = Assembler.R9;
  private static final int ROW_AWAY = Assembler.R10;

  private static final int A = 0;
  private static final int B = 1;
  private static final int HIGH = 2;
  private static final int OTHER = 3;

  private static final LaneNumbers NUMBERS = new LaneNumbers(LaneNumber.HALF_UNIT, LaneNumber.HIGH);

  private RowCode() {}

  /// The code for what numbers become. It may lie anywhere.
  public static byte[] of(TileNumbers form) {
    Assembler code = new Assembler();
    HalfCode halves = new HalfCode(code, NUMBERS, form);
    NUMBERS.load(code);
    code.load(ROW, OPERAND, X);
    code.load(TILE, OPERAND, TO);
    code.load(LOW_AWAY, OPERAND, LOW);
    code.load(ROW_AWAY, OPERAND, STRIDE);
    int rows = code.here();
    code.copy(HERE, ROW);
    code.copy(HIGH_HERE, TILE);
    code.load(CHUNKS_LEFT, OPERAND, CHUNKS);
    int chunks = code.here();
    code.loadVector(A, HERE, 0);
    code.loadVector(B, HERE, VECTOR);
    halves.split(A, B, HIGH, OTHER);
    code.storeVector(HIGH, HIGH_HERE, 0);
    code.add(HIGH_HERE, LOW_AWAY);
    code.storeVector(A, HIGH_HERE, 0);
    code.add(HIGH_HERE, LOW_AWAY);
    code.addNumber(HERE, 2 * VECTOR);
    code.addNumber(CHUNKS_LEFT, -1);
    code.jumpBack(When.NOT_ZERO, chunks);
    code.add(ROW, ROW_AWAY);
    code.addNumber(TILE, VECTOR);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.ret();
    return code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, STRIDE, job.stride());
    Operands.put(to, ROWS, job.rows());
    Operands.put(to, CHUNKS, job.depth() / Halves.CHUNK);
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
  }
}
