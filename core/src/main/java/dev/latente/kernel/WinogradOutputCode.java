package dev.latente.kernel;

import dev.latente.kernel.WinogradTiles.Output;

/// The machine code of [WinogradTiles#output], for processors with AVX-512: a function in C, as
/// Linux calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; tiles > 0; tiles--, from += channels, pixels += 33)
///   for each 16 channels
///     lines = Aᵀ · from, in registers
///     for each of four lines: pixels = line · A + bias, and other pixels
/// ```
///
/// All numbers are those of [WinogradTransform#output].
public final class WinogradOutputCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;
  private static final int SIDE = WinogradTransform.IN;
  private static final int OUT = WinogradTransform.OUT;
  private static final int PIXELS_OF_TILE = OUT * OUT;

  /// Addresses of a tile.
  public static final int TABLE = 2 * PIXELS_OF_TILE + 1;

  // Where the operands are: 64 bits each.
  private static final int FROM = 0;
  private static final int TILES = 8;
  private static final int CHANNEL_BYTES = 16;
  private static final int APART = 24;
  private static final int SIX_APART = 32;
  private static final int PIXELS = 40;

  /// Bytes of the operands.
  public static final int OPERANDS = 48;

  private static final int OPERAND = Assembler.RDI;
  private static final int PIXEL = Assembler.RSI; // of a tile the first address
  private static final int COLUMN_HERE = Assembler.RDX;
  private static final int HERE = Assembler.RAX;
  private static final int CHANNEL = Assembler.RCX; // in bytes
  private static final int POINT_AWAY = Assembler.R8;
  private static final int LINE_AWAY = Assembler.R9;
  private static final int CHANNELS_END = Assembler.R10;
  private static final int OTHER = Assembler.R11;

  // What vectors hold: four lines of six, then a column, and four results.
  private static final int LINES = 0;
  private static final int M = OUT * SIDE;

  private static final LaneNumbers NUMBERS = new LaneNumbers(LaneNumber.FOUR, LaneNumber.EIGHT);

  private final Assembler code = new Assembler();
  private final boolean plus;

  private WinogradOutputCode(boolean plus) {
    this.plus = plus;
  }

  /// The code. It may lie anywhere.
  ///
  /// @param plus whether another map is added
  public static byte[] of(boolean plus) {
    WinogradOutputCode code = new WinogradOutputCode(plus);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Output job, long[] to) {
    Operands.put(to, FROM, job.from());
    Operands.put(to, TILES, job.tiles());
    Operands.put(to, CHANNEL_BYTES, (long) job.channels() * Float.BYTES);
    Operands.put(to, APART, job.apart());
    Operands.put(to, SIX_APART, SIDE * job.apart());
    Operands.put(to, PIXELS, job.pixels());
  }

  private void function() {
    NUMBERS.load(code);
    code.load(PIXEL, OPERAND, PIXELS);
    code.load(POINT_AWAY, OPERAND, APART);
    code.load(LINE_AWAY, OPERAND, SIX_APART);
    code.load(CHANNELS_END, OPERAND, CHANNEL_BYTES);
    int tiles = code.here();
    code.set(CHANNEL, 0);
    int channels = code.here();
    code.load(COLUMN_HERE, OPERAND, FROM);
    for (int column = 0; column < SIDE; column++) {
      column(column);
    }
    for (int line = 0; line < OUT; line++) {
      pixels(line);
    }
    code.addNumber(CHANNEL, VECTOR);
    code.compare(CHANNEL, CHANNELS_END);
    code.jumpBack(When.LESS, channels);
    code.addNumber(PIXEL, TABLE * Long.BYTES);
    code.addToMemory(OPERAND, FROM, CHANNELS_END);
    code.addNumberToMemory(OPERAND, TILES, -1);
    code.jumpBack(When.NOT_ZERO, tiles);
    code.forgetUpperLanes();
    code.ret();
  }

  /// `Aᵀ` times a column of points.
  private void column(int column) {
    code.copy(HERE, COLUMN_HERE);
    for (int row = 0; row < SIDE; row++) {
      code.loadVector(M + row, HERE, CHANNEL, 0);
      code.add(HERE, LINE_AWAY);
    }
    code.add(COLUMN_HERE, POINT_AWAY);
    line(M, LINES + column, SIDE, false);
  }

  /// Writes the pixels of a line.
  private void pixels(int line) {
    code.load(HERE, PIXEL, 2 * PIXELS_OF_TILE * Long.BYTES);
    line(LINES + line * SIDE, M, 1, true);
    for (int i = 0; i < OUT; i++) {
      int pixel = line * OUT + i;
      if (plus) {
        code.load(OTHER, PIXEL, (PIXELS_OF_TILE + pixel) * Long.BYTES);
        code.addVector(M + i, M + i, OTHER, CHANNEL, 0);
      }
      code.load(OTHER, PIXEL, pixel * Long.BYTES);
      code.storeVector(M + i, OTHER, CHANNEL, 0);
    }
  }

  /// The rows of `Aᵀ` times six vectors: (1 1 1 1 1 0), (0 1 -1 2 -2 0), (0 1 1 4 4 0), (0 1 -1 8
  /// -8 1).
  ///
  /// @param m register of the first; they are overwritten
  /// @param to register of the first of four results, which are `apart` from each other
  /// @param bias whether that at [#HERE] is added
  private void line(int m, int to, int apart, boolean bias) {
    int m1 = m + 1;
    int m2 = m + 2;
    int m3 = m + 3;
    int m4 = m + 4;
    int m5 = m + 5;
    int y1 = to + apart;
    int y2 = to + 2 * apart;
    int y3 = to + 3 * apart;
    code.each(Each.ADD, to, m1, m2);
    code.each(Each.SUBTRACT, y1, m1, m2);
    if (bias) {
      code.addVector(to, to, HERE, CHANNEL, 0);
      code.addVector(y1, y1, HERE, CHANNEL, 0);
    }
    code.each(Each.ADD, m1, m3, m4);
    code.each(Each.SUBTRACT, m2, m3, m4);
    code.copyVector(y2, to);
    code.each(Each.PLUS_PRODUCT, y2, m1, NUMBERS.of(LaneNumber.FOUR));
    code.each(Each.ADD, to, to, m);
    code.each(Each.ADD, to, to, m1);
    code.copyVector(y3, y1);
    code.each(Each.PLUS_PRODUCT, y3, m2, NUMBERS.of(LaneNumber.EIGHT));
    code.each(Each.ADD, y3, y3, m5);
    code.each(Each.ADD, m2, m2, m2);
    code.each(Each.ADD, y1, y1, m2);
  }
}
