package dev.latente.kernel;

import dev.latente.kernel.StripHalves.Job;
import dev.latente.kernel.WeightMatrix.Format;

/// The machine code of [StripHalves], for processors with AVX-512: a function in C, as Linux calls
/// such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; chunks > 0; chunks--, x += 32 channels)
///   for (tap = 0; tap < taps; tap++, to += apart)
///     for (pair = 0; pair < 16; pair++)
///       to[pair] = high(x[pair][tap]), high(x[pair + 16][tap]); low of both
/// ```
public final class StripCode {
  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;

  // Where the operands are.
  private static final int X = 0;
  private static final int CHUNKS = 8;
  private static final int CHANNEL = 16; // bytes from one to the next
  private static final int HALF_CHUNK = 24; // bytes of 16
  private static final int TAPS_LEFT = 32;
  private static final int TAPS = 40;
  private static final int TO = 48;
  private static final int LOW = 56;
  private static final int APART = 64;

  /// Bytes of the operands.
  public static final int OPERANDS = 72;

  private static final int OPERAND = Assembler.RDI;
  private static final int CHUNK_HERE = Assembler.RSI;
  private static final int TAP_HERE = Assembler.RDX;
  private static final int A_HERE = Assembler.RAX;
  private static final int B_HERE = Assembler.RCX;
  private static final int TILE = Assembler.R8;
  private static final int LOW_AWAY = Assembler.R9;
  private static final int CHANNEL_AWAY = Assembler.R10;
  private static final int LOW_HERE = Assembler.R11;

  private static final LaneNumbers NUMBERS = new LaneNumbers(LaneNumber.HALF_UNIT, LaneNumber.HIGH);

  private final Assembler code = new Assembler();
  private final HalfCode halves;
  private final Format format;

  private StripCode(Format format, TileNumbers form) {
    this.format = format;
    halves = new HalfCode(code, NUMBERS, form);
  }

  /// The code for weights as they are stored and what they become. It may lie anywhere.
  public static byte[] of(Format format, TileNumbers form) {
    StripCode code = new StripCode(format, form);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    long channel = (long) job.taps() * tap(job.format());
    Operands.put(to, X, job.x());
    Operands.put(to, CHUNKS, job.chunks());
    Operands.put(to, CHANNEL, channel);
    Operands.put(to, HALF_CHUNK, LANES * channel);
    Operands.put(to, TAPS, job.taps());
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
    Operands.put(to, APART, job.apart());
  }

  /// Bytes of 16 columns' weights of a tap.
  private static int tap(Format format) {
    return LANES * format.bytes();
  }

  private void function() {
    NUMBERS.load(code);
    code.load(CHUNK_HERE, OPERAND, X);
    code.load(TILE, OPERAND, TO);
    code.load(LOW_AWAY, OPERAND, LOW);
    code.load(CHANNEL_AWAY, OPERAND, CHANNEL);
    int chunks = code.here();
    code.copy(TAP_HERE, CHUNK_HERE);
    code.load(A_HERE, OPERAND, TAPS);
    code.store(A_HERE, OPERAND, TAPS_LEFT);
    int taps = code.here();
    tile();
    code.addNumber(TAP_HERE, tap(format));
    code.add(TILE, OPERAND, APART);
    code.addNumberToMemory(OPERAND, TAPS_LEFT, -1);
    code.jumpBack(When.NOT_ZERO, taps);
    code.add(CHUNK_HERE, OPERAND, HALF_CHUNK);
    code.add(CHUNK_HERE, OPERAND, HALF_CHUNK);
    code.addNumberToMemory(OPERAND, CHUNKS, -1);
    code.jumpBack(When.NOT_ZERO, chunks);
    code.forgetUpperLanes();
    code.ret();
  }

  private void tile() {
    code.copy(A_HERE, TAP_HERE);
    code.copy(B_HERE, TAP_HERE);
    code.add(B_HERE, OPERAND, HALF_CHUNK);
    code.copy(LOW_HERE, TILE);
    code.add(LOW_HERE, LOW_AWAY);
    for (int pair = 0; pair < LANES; pair++) {
      int a = pair % 4 * 4;
      int b = a + 1;
      halves.load(format, a, A_HERE, 0);
      halves.load(format, b, B_HERE, 0);
      halves.split(a, b, a + 2, a + 3);
      code.storeVector(a + 2, TILE, pair * VECTOR);
      code.storeVector(a, LOW_HERE, pair * VECTOR);
      code.add(A_HERE, CHANNEL_AWAY);
      code.add(B_HERE, CHANNEL_AWAY);
    }
  }
}
