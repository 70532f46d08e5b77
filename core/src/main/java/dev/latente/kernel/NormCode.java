package dev.latente.kernel;

/// The machine code of [NormSteps], for processors with AVX-512: functions in C, as Linux calls
/// such on x86-64, of one address, that of their operands. In C they would be
///
/// ```
/// for (; quads > 0; quads--, from += 4 · channels)
///   for (i = 0; i < channels; i++)
///     a, b, c, d = from[i], from[i + channels], … - x[i]
///     sums[i] += a + b + (c + d)
///     sums[i + channels] += a · a + b · b + (c · c + d · d)
/// ```
///
/// and
///
/// ```
/// for (; pixels > 0; pixels--, x += channels, y += channels)
///   for (i = 0; i < channels; i++)
///     h = x[i] · lines[i] + lines[i + channels]
///     y[i] = h / (1 + 2^min(126, -log2(e) · h)) or h
/// ```
///
/// All numbers are those of [NormLoops].
public final class NormCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;

  // Where the operands are: 64 bits each.
  private static final int X = 0;
  private static final int COUNT = 8;
  private static final int ROW = 16;
  private static final int CHANNELS = 24;
  private static final int Y = 32;

  /// Bytes of the operands.
  public static final int OPERANDS = 40;

  private static final int OPERAND = Assembler.RDI;
  private static final int READ = Assembler.RSI;
  private static final int LINE = Assembler.RDX; // factors, or sums
  private static final int SECOND = Assembler.R8; // what is added, or sums of squares
  private static final int WRITE = Assembler.R9; // or the first pixel
  private static final int AT = Assembler.RCX; // in bytes
  private static final int END = Assembler.R10;
  private static final int HERE = Assembler.RAX;

  private static final LaneNumbers NUMBERS =
      LaneNumbers.withPowers(LaneNumber.MINUS_LOG2_E, LaneNumber.MOST_POWER);

  private final Assembler code = new Assembler();

  private NormCode() {}

  /// The code of sums. It may lie anywhere.
  public static byte[] sums() {
    NormCode code = new NormCode();
    code.sumsFunction();
    return code.code.bytes();
  }

  /// The code of scaling. It may lie anywhere.
  ///
  /// @param silu whether the SiLU is taken
  public static byte[] scale(boolean silu) {
    NormCode code = new NormCode();
    code.scaleFunction(silu);
    return code.code.bytes();
  }

  /// Writes the operands of either.
  ///
  /// @param x address of pixels
  /// @param count quads or pixels
  /// @param row bytes of a pixel
  /// @param channels address of two lines of channels: sums, or factors and what is added
  /// @param y address of results
  /// @param to room for [#OPERANDS] bytes
  public static void operands(long x, int count, long row, long channels, long y, long[] to) {
    Operands.put(to, X, x);
    Operands.put(to, COUNT, count);
    Operands.put(to, ROW, row);
    Operands.put(to, CHANNELS, channels);
    Operands.put(to, Y, y);
  }

  private void begin() {
    code.load(READ, OPERAND, X);
    code.load(LINE, OPERAND, CHANNELS);
    code.load(END, OPERAND, ROW);
    code.copy(SECOND, LINE);
    code.add(SECOND, END);
  }

  private void end(int loop) {
    code.addNumberToMemory(OPERAND, COUNT, -1);
    code.jumpBack(When.NOT_ZERO, loop);
    code.forgetUpperLanes();
    code.ret();
  }

  private void sumsFunction() {
    begin();
    code.load(WRITE, OPERAND, X);
    int quads = code.here();
    code.set(AT, 0);
    int channels = code.here();
    code.loadVector(4, WRITE, AT, 0);
    code.copy(HERE, READ);
    for (int pixel = 0; pixel < NormSteps.ROWS; pixel++) {
      code.loadVector(pixel, HERE, AT, 0);
      code.each(Each.SUBTRACT, pixel, pixel, 4);
      code.add(HERE, END);
    }
    code.each(Each.ADD, 5, 0, 1);
    code.each(Each.ADD, 6, 2, 3);
    code.each(Each.ADD, 5, 5, 6);
    code.addVector(5, 5, LINE, AT, 0);
    code.storeVector(5, LINE, AT, 0);
    code.each(Each.MULTIPLY, 1, 1, 1);
    code.each(Each.PLUS_PRODUCT, 1, 0, 0);
    code.each(Each.MULTIPLY, 3, 3, 3);
    code.each(Each.PLUS_PRODUCT, 3, 2, 2);
    code.each(Each.ADD, 1, 1, 3);
    code.addVector(1, 1, SECOND, AT, 0);
    code.storeVector(1, SECOND, AT, 0);
    code.addNumber(AT, VECTOR);
    code.compare(AT, END);
    code.jumpBack(When.LESS, channels);
    code.copy(READ, HERE);
    end(quads);
  }

  private void scaleFunction(boolean silu) {
    NUMBERS.load(code);
    begin();
    code.load(WRITE, OPERAND, Y);
    int pixels = code.here();
    code.set(AT, 0);
    int channels = code.here();
    code.loadVector(0, LINE, AT, 0);
    code.loadVector(1, SECOND, AT, 0);
    code.loadVector(2, READ, AT, 0);
    code.each(Each.TIMES_AND_PLUS, 0, 2, 1);
    if (silu) {
      silu();
    }
    code.storeVector(0, WRITE, AT, 0);
    code.addNumber(AT, VECTOR);
    code.compare(AT, END);
    code.jumpBack(When.LESS, channels);
    code.add(READ, END);
    code.add(WRITE, END);
    end(pixels);
  }

  /// Makes a number its SiLU.
  private void silu() {
    code.each(Each.MULTIPLY, 1, 0, NUMBERS.of(LaneNumber.MINUS_LOG2_E));
    code.each(Each.LESSER, 1, NUMBERS.of(LaneNumber.MOST_POWER), 1);
    code.each(Each.GREATER, 1, NUMBERS.of(LaneNumber.LEAST), 1);
    new PowerCode(code, NUMBERS).power(2, 1, 3, NUMBERS.of(LaneNumber.TO_INTEGER));
    code.each(Each.ADD, 2, 2, NUMBERS.of(LaneNumber.ONE));
    code.each(Each.DIVIDE, 0, 0, 2);
  }
}
