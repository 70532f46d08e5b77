package dev.latente.kernel;

import dev.latente.kernel.WinogradTiles.Input;

/// The machine code of [WinogradTiles#input], for processors with AVX-512: a function in C, as
/// Linux calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; tiles > 0; tiles--, pixels += 36, to += 64)
///   for each 32 channels
///     for each x of the first 16, the others: columns[x] = Bᵀ · pixels
///     for each of six lines
///       a, b = those of both, · B
///       for each of six points: to[point] = high(a), high(b); low(a), low(b)
/// ```
///
/// All numbers are those of [WinogradTransform#input] and [HalfCode#split].
public final class WinogradInputCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;
  private static final int SIDE = WinogradTransform.IN;
  private static final int TABLE = WinogradTransform.POINTS * Long.BYTES;
  private static final int COLUMNS = WinogradTransform.POINTS * VECTOR;

  /// Bytes that are written to on the way.
  public static final int SCRATCH = 2 * COLUMNS;

  // Where the operands are: 64 bits each.
  private static final int PIXELS = 0;
  private static final int TILES = 8;
  private static final int CHANNEL_BYTES = 16;
  private static final int TO = 24;
  private static final int LOW = 32;
  private static final int APART = 40;
  private static final int NEAR = 48;

  /// Bytes of the operands.
  public static final int OPERANDS = 56;

  private static final int OPERAND = Assembler.RDI;
  private static final int PIXEL = Assembler.RSI; // of a tile the first address
  private static final int LINES = Assembler.RDX;
  private static final int HERE = Assembler.RAX;
  private static final int CHANNEL = Assembler.RCX; // in bytes
  private static final int HIGH_HERE = Assembler.R8;
  private static final int LOW_HERE = Assembler.R9;
  private static final int POINT_AWAY = Assembler.R10;
  private static final int LOW_AWAY = Assembler.R11;
  private static final int CHUNK = Assembler.RBX; // where the first point's halves go

  // What vectors hold: a line of six for the first channels, what comes up on the way, the same for
  // the others.
  private static final int A = 0;
  private static final int BETWEEN = 6;
  private static final int B = 9;

  private static final LaneNumbers NUMBERS =
      new LaneNumbers(
          LaneNumber.HALF_UNIT,
          LaneNumber.HIGH,
          LaneNumber.MINUS_FOUR,
          LaneNumber.MINUS_FIVE,
          LaneNumber.FOUR);

  private final Assembler code = new Assembler();
  private final HalfCode halves;

  private WinogradInputCode(TileNumbers form) {
    halves = new HalfCode(code, NUMBERS, form);
  }

  /// The code for what numbers become. It may lie anywhere.
  public static byte[] of(TileNumbers form) {
    WinogradInputCode code = new WinogradInputCode(form);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Input job, long[] to) {
    Operands.put(to, PIXELS, job.pixels());
    Operands.put(to, TILES, job.tiles());
    Operands.put(to, CHANNEL_BYTES, (long) job.channels() * Float.BYTES);
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
    Operands.put(to, APART, job.apart());
    Operands.put(to, NEAR, job.scratch());
  }

  private void function() {
    code.push(CHUNK);
    NUMBERS.load(code);
    code.load(PIXEL, OPERAND, PIXELS);
    code.load(LINES, OPERAND, NEAR);
    code.load(POINT_AWAY, OPERAND, APART);
    code.load(LOW_AWAY, OPERAND, LOW);
    int tiles = code.here();
    code.load(CHUNK, OPERAND, TO);
    code.set(CHANNEL, 0);
    int chunks = code.here();
    for (int column = 0; column < SIDE; column++) {
      column(column);
    }
    code.copy(HIGH_HERE, CHUNK);
    code.copy(LOW_HERE, CHUNK);
    code.add(LOW_HERE, LOW_AWAY);
    for (int line = 0; line < SIDE; line++) {
      points(line);
    }
    code.add(CHUNK, LOW_AWAY);
    code.add(CHUNK, LOW_AWAY);
    code.addNumber(CHANNEL, 2 * VECTOR);
    code.load(HERE, OPERAND, CHANNEL_BYTES);
    code.compare(CHANNEL, HERE);
    code.jumpBack(When.LESS, chunks);
    code.addNumber(PIXEL, TABLE);
    code.addNumberToMemory(OPERAND, TO, VECTOR);
    code.addNumberToMemory(OPERAND, TILES, -1);
    code.jumpBack(When.NOT_ZERO, tiles);
    code.forgetUpperLanes();
    code.pop(CHUNK);
    code.ret();
  }

  /// `Bᵀ` times a column of pixels.
  private void column(int column) {
    for (int row = 0; row < SIDE; row++) {
      code.load(HERE, PIXEL, (row * SIDE + column) * Long.BYTES);
      code.loadVector(A + row, HERE, CHANNEL, 0);
      code.loadVector(B + row, HERE, CHANNEL, VECTOR);
    }
    line(A);
    line(B);
    for (int row = 0; row < SIDE; row++) {
      int at = (row * SIDE + column) * VECTOR;
      code.storeVector(A + row, LINES, at);
      code.storeVector(B + row, LINES, at + COLUMNS);
    }
  }

  /// Writes the six points of a line.
  private void points(int line) {
    for (int column = 0; column < SIDE; column++) {
      int at = (line * SIDE + column) * VECTOR;
      code.loadVector(A + column, LINES, at);
      code.loadVector(B + column, LINES, at + COLUMNS);
    }
    line(A);
    line(B);
    for (int point = 0; point < SIDE; point++) {
      halves.split(A + point, B + point, BETWEEN, BETWEEN + 1);
      code.storeVector(BETWEEN, HIGH_HERE, 0);
      code.storeVector(A + point, LOW_HERE, 0);
      code.add(HIGH_HERE, POINT_AWAY);
      code.add(LOW_HERE, POINT_AWAY);
    }
  }

  /// The rows of `Bᵀ` times six vectors, in place: (4 0 -5 0 1 0), (0 -4 -4 1 1 0), (0 4 -4 -1 1
  /// 0), (0 -2 -1 2 1 0), (0 2 -1 -2 1 0), (0 4 0 -5 0 1).
  ///
  /// @param d register of the first; the three behind the last are overwritten
  private void line(int d) {
    int even = d + SIDE;
    int odd = even + 1;
    int other = odd + 1;
    int four = NUMBERS.of(LaneNumber.FOUR);
    int minusFour = NUMBERS.of(LaneNumber.MINUS_FOUR);
    int minusFive = NUMBERS.of(LaneNumber.MINUS_FIVE);
    code.copyVector(other, d + 4);
    code.each(Each.PLUS_PRODUCT, other, d + 2, minusFive);
    code.each(Each.TIMES_AND_PLUS, d, four, other);
    code.each(Each.PLUS_PRODUCT, d + 5, d + 3, minusFive);
    code.each(Each.PLUS_PRODUCT, d + 5, d + 1, four);
    code.copyVector(even, d + 4);
    code.each(Each.PLUS_PRODUCT, even, d + 2, minusFour);
    code.copyVector(odd, d + 3);
    code.each(Each.PLUS_PRODUCT, odd, d + 1, minusFour);
    code.each(Each.SUBTRACT, d + 4, d + 4, d + 2);
    code.each(Each.SUBTRACT, other, d + 3, d + 1);
    code.each(Each.ADD, other, other, other);
    code.each(Each.ADD, d + 1, even, odd);
    code.each(Each.SUBTRACT, d + 2, even, odd);
    code.each(Each.ADD, d + 3, d + 4, other);
    code.each(Each.SUBTRACT, d + 4, d + 4, other);
  }
}
