package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;
import dev.latente.kernel.WeightTurn.Job;

/// The machine code of [WeightTurn], for processors with AVX-512: a function in C, as Linux calls
/// such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (at = 0; at < bytes; at += 64)
///   x = 16 words of 32 bits of each row: a square
///   x = x turned, in registers
///   for each of 16 lines of x: to = line, of two numbers the first ones and then the others
/// ```
///
/// A square is turned in four steps, each with 16 instructions that exchange words of two lines:
/// neighbouring words of neighbouring rows, then pairs of words, then quarters of a line twice.
public final class TurnCode {
  private static final int SIDE = WeightTurn.ROWS;
  private static final int VECTOR = SIDE * Integer.BYTES;
  private static final int QUARTER = SIDE / 4;

  // Quarters 0 and 2 of a line and of another one; quarters 1 and 3.
  private static final int EVEN = 0x88;
  private static final int ODD = 0xdd;

  // Where the operands are: 64 bits each, then where each of 32 numbers of 16 bits comes from.
  private static final int X = 0;
  private static final int STRIDE = 8;
  private static final int BYTES = 16;
  private static final int TO = 24;
  private static final int PLACES = 32;

  /// Bytes of the operands.
  public static final int OPERANDS = PLACES + VECTOR;

  private static final int OPERAND = Assembler.RDI;
  private static final int ROW = Assembler.RSI; // the first
  private static final int ROW_AWAY = Assembler.R9;
  private static final int WRITE = Assembler.RDX;
  private static final int HERE = Assembler.RAX;
  private static final int AT = Assembler.RCX;
  private static final int END = Assembler.R8;

  private static final int FREE = SIDE; // the first register that holds no line at the beginning
  private static final int PLACE = 31;

  private final Assembler code = new Assembler();
  private final Format format;
  private int free = FREE;

  private TurnCode(Format format) {
    this.format = format;
  }

  /// The code for numbers as they are stored. It may lie anywhere.
  public static byte[] of(Format format) {
    TurnCode code = new TurnCode(format);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    Operands.put(to, X, job.x());
    Operands.put(to, STRIDE, job.stride());
    Operands.put(to, BYTES, (long) job.count() * job.format().bytes());
    Operands.put(to, TO, job.to());
    for (int i = 0; i < SIDE / 2; i++) {
      long first = i % QUARTER * 8L + i / QUARTER;
      Operands.put(to, PLACES + i * Long.BYTES, first * 0x0001000100010001L + STEPS);
    }
  }

  // What is to be added to the place of the first of four numbers: they are every second one.
  private static final long STEPS = 0x0006000400020000L;

  private void function() {
    code.loadVector(PLACE, OPERAND, PLACES);
    code.load(ROW, OPERAND, X);
    code.load(ROW_AWAY, OPERAND, STRIDE);
    code.load(WRITE, OPERAND, TO);
    code.load(END, OPERAND, BYTES);
    code.set(AT, 0);
    int squares = code.here();
    int[] lines = new int[SIDE];
    code.copy(HERE, ROW);
    for (int row = 0; row < SIDE; row++) {
      lines[row] = row;
      code.loadVector(row, HERE, AT, 0);
      code.add(HERE, ROW_AWAY);
    }
    for (int line : turned(lines)) {
      if (format != Format.F32) {
        code.each(Each.PERMUTE_SHORTS, line, PLACE, line);
      }
      code.storeVector(line, WRITE, 0);
      code.addNumber(WRITE, VECTOR);
    }
    code.addNumber(AT, VECTOR);
    code.compare(AT, END);
    code.jumpBack(When.LESS, squares);
    code.forgetUpperLanes();
    code.ret();
  }

  /// The registers of a square's columns, whose lines are in those given.
  private int[] turned(int[] lines) {
    // four lines at a time: their words 4k + j, in quarter k of line j
    for (int first = 0; first < SIDE; first += QUARTER) {
      pair(lines, first, first + 1, Each.LOWER_WORDS, Each.UPPER_WORDS);
      pair(lines, first + 2, first + 3, Each.LOWER_WORDS, Each.UPPER_WORDS);
      pair(lines, first, first + 2, Each.LOWER_PAIRS, Each.UPPER_PAIRS);
      pair(lines, first + 1, first + 3, Each.LOWER_PAIRS, Each.UPPER_PAIRS);
    }
    int[] columns = new int[SIDE];
    for (int word = 0; word < QUARTER; word++) {
      // words 4k + j of four lines lie, after both steps, in lines 0, 2, 1, 3 for j from 0 on
      int line = word % 2 * 2 + word / 2;
      quarters(lines, line, line + QUARTER);
      quarters(lines, line + 2 * QUARTER, line + 3 * QUARTER);
      quarters(lines, line, line + 2 * QUARTER);
      quarters(lines, line + QUARTER, line + 3 * QUARTER);
      columns[word] = lines[line];
      columns[2 * QUARTER + word] = lines[line + 2 * QUARTER];
      columns[QUARTER + word] = lines[line + QUARTER];
      columns[3 * QUARTER + word] = lines[line + 3 * QUARTER];
    }
    return columns;
  }

  /// Makes of lines `a` and `b` the results of both operations.
  private void pair(int[] lines, int a, int b, Each first, Each second) {
    int lower = free;
    code.each(first, lower, lines[a], lines[b]);
    code.each(second, lines[b], lines[a], lines[b]);
    free = lines[a];
    lines[a] = lower;
  }

  /// Makes of lines `a` and `b` one of their even quarters and one of their odd ones.
  private void quarters(int[] lines, int a, int b) {
    int even = free;
    code.quarters(even, lines[a], lines[b], EVEN);
    code.quarters(lines[b], lines[a], lines[b], ODD);
    free = lines[a];
    lines[a] = even;
  }
}
