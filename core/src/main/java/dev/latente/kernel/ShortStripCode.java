package dev.latente.kernel;

import dev.latente.kernel.StripHalves.Job;
import dev.latente.kernel.WeightMatrix.Format;

/// The machine code of [StripHalves] of [Shorts], for weights of one tap and processors with
/// AVX-512: a function in C, as Linux calls such on x86-64, of one address, that of its operands.
/// In C it would be
///
/// ```
/// for (; blocks > 0; blocks--, x += 64 channels, to += 2 apart)
///   for (column = 0; column < 16; column++)
///     scale[column] = min(COLUMN_LENGTH / sqrt(sum(x²)), COLUMN_MOST / max(|x|)), of x[64][column]
///   scales[block] = 1 / scale
///   for (step = 0; step < 2; step++)
///     for (pair = 0; pair < 16; pair++)
///       to[step][pair] = whole numbers of scale · x[32 step + pair], scale · x[32 step + pair + 16]
/// ```
public final class ShortStripCode {
  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;

  // Where the operands are.
  private static final int X = 0;
  private static final int BLOCKS = 8;
  private static final int TO = 16;
  private static final int LOW = 24;
  private static final int APART = 32;

  /// Bytes of the operands.
  public static final int OPERANDS = 40;

  private static final int OPERAND = Assembler.RDI;
  private static final int HERE = Assembler.RSI;
  private static final int TILE = Assembler.RDX;
  private static final int SCALES = Assembler.RCX;

  // Sums of squares and the greatest, of each fourth channel.
  private static final int SQUARES = 0;
  private static final int GREATEST = 4;
  private static final int WAYS = 4;
  private static final int NUMBER = 8; // eight registers
  private static final int SCALE = 16;
  private static final int INVERSE = 17;
  private static final int OTHER = 18;

  private static final LaneNumbers NUMBERS =
      ShortCodes.numbers(LaneNumber.COLUMN_LENGTH, LaneNumber.COLUMN_MOST, LaneNumber.UNSIGNED);

  private final Assembler code = new Assembler();
  private final HalfCode stored = new HalfCode(code, NUMBERS, TileNumbers.WHOLE);
  private final ShortCodes shorts = new ShortCodes(code, NUMBERS);
  private final Format format;

  private ShortStripCode(Format format) {
    this.format = format;
  }

  /// The code for weights as they are stored. It may lie anywhere.
  public static byte[] of(Format format) {
    ShortStripCode code = new ShortStripCode(format);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param job of one tap and an even number of chunks
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, BLOCKS, job.chunks() / Shorts.STEPS);
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
    Operands.put(to, APART, job.apart());
  }

  private int channel(int index) {
    return index * LANES * format.bytes();
  }

  private void function() {
    NUMBERS.load(code);
    code.load(HERE, OPERAND, X);
    code.load(TILE, OPERAND, TO);
    int blocks = code.here();
    code.copy(SCALES, TILE);
    code.add(SCALES, OPERAND, LOW);
    scale();
    code.storeVector(INVERSE, SCALES, 0);
    for (int step = 0; step < Shorts.STEPS; step++) {
      step(step * TileShape.DEEP);
      code.add(TILE, OPERAND, APART);
    }
    code.addNumber(HERE, channel(Shorts.BLOCK));
    code.addNumberToMemory(OPERAND, BLOCKS, -1);
    code.jumpBack(When.NOT_ZERO, blocks);
    code.forgetUpperLanes();
    code.ret();
  }

  private void scale() {
    for (int i = 0; i < 2 * WAYS; i++) {
      code.each(Each.EXCLUSIVE_OR, i, i, i);
    }
    for (int i = 0; i < Shorts.BLOCK; i++) {
      int way = i % WAYS;
      int number = NUMBER + i % 8;
      if (channel(i) % VECTOR == 0) { // a line of the block after the next
        code.prefetch(HERE, 2 * channel(Shorts.BLOCK) + channel(i));
      }
      stored.load(format, number, HERE, channel(i));
      code.each(Each.PLUS_PRODUCT, SQUARES + way, number, number);
      code.each(Each.AND, number, number, NUMBERS.of(LaneNumber.UNSIGNED));
      code.each(Each.GREATER, GREATEST + way, GREATEST + way, number);
    }
    for (int way = 1; way < WAYS; way++) {
      code.each(Each.ADD, SQUARES, SQUARES, SQUARES + way);
      code.each(Each.GREATER, GREATEST, GREATEST, GREATEST + way);
    }
    code.copyVector(OTHER, NUMBERS.of(LaneNumber.COLUMN_LENGTH));
    shorts.scale(SCALE, INVERSE, SQUARES, GREATEST, OTHER);
  }

  private void step(int first) {
    for (int pair = 0; pair < LANES; pair++) {
      int a = NUMBER + pair % 4 * 2;
      stored.load(format, a, HERE, channel(first + pair));
      stored.load(format, a + 1, HERE, channel(first + pair + LANES));
      shorts.shorts(a, a + 1, SCALE);
      code.storeVector(a, TILE, pair * VECTOR);
    }
  }
}
