package dev.latente.kernel;

import dev.latente.kernel.ScoreWeights.Job;

/// The machine code of [ScoreWeights], for processors with AVX-512: a function in C, as Linux calls
/// such on x86-64, of one address, that of its operands.
///
/// In Java's vectors it was a loop of too many operations: in most starts Java made an object of
/// each vector, and attention took three times as long. In C the code would be
///
/// ```
/// for (; rows > 0; rows--)
///   the last 32 scores = min(scores, most)
///   greatest = max(greatest, ceil(max of scores))
///   correction = 2^(greatest before - greatest)
///   sums *= correction
///   for each score: weight = 2^(score - greatest), to = high(weight), low(weight)
///   total = total * correction + sum of weights
/// ```
///
/// The powers are those of [Exponential#exp2].
public final class ScoreCode {
  private static final int LANES = 16;
  private static final int VECTOR = LANES * Float.BYTES;

  // Where the operands are: 64 bits each.
  private static final int SCORES = 0;
  private static final int ROWS = 8;
  private static final int KEY_BYTES = 16;
  private static final int GREATEST = 24;
  private static final int TOTALS = 32;
  private static final int SUMS = 40;
  private static final int WIDE_BYTES = 48;
  private static final int TO = 56;
  private static final int LOW = 64;
  private static final int MOST_OF_LAST = 72; // 32 numbers: what the last scores may be at most

  // What registers hold.
  private static final int OPERAND = Assembler.RDI;
  private static final int SCORE = Assembler.RSI; // of a row the first
  private static final int WEIGHT = Assembler.RDX; // likewise
  private static final int HERE = Assembler.RAX;
  private static final int END = Assembler.R8;
  private static final int GREATEST_HERE = Assembler.R9;
  private static final int TOTAL_HERE = Assembler.R10;
  private static final int SUM_HERE = Assembler.R11;
  private static final int KEPT = Assembler.RBX;
  private static final int WRITE = Assembler.RBX;
  private static final int APART = Assembler.RCX; // of halves

  // What vectors hold: first what changes.
  private static final int SUM_A = 0;
  private static final int SUM_B = 1;
  private static final int MOST = 2;
  private static final int CORRECTION = 3;
  private static final int LEAST_SCORE = 4;
  private static final int TO_INTEGER_HERE = 5;
  private static final int TOTAL = 6;
  private static final int A = 8; // and three more, for a vector's steps
  private static final int B = 12;
  private static final int MOST_A = 16;
  private static final int MOST_B = 17;

  private static final float LEAST = -1e30F;

  /// Bytes of the operands.
  public static final int OPERANDS = MOST_OF_LAST + 2 * VECTOR;

  private static final LaneNumbers NUMBERS =
      LaneNumbers.withPowers(LaneNumber.HALF_UNIT, LaneNumber.HIGH);

  private final Assembler code = new Assembler();
  private final PowerCode powers = new PowerCode(code, NUMBERS);
  private final HalfCode halves = new HalfCode(code, NUMBERS, TileNumbers.HALVES);

  private ScoreCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    ScoreCode code = new ScoreCode();
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Job job, long[] to) {
    Operands.put(to, SCORES, job.scores());
    Operands.put(to, ROWS, job.rows());
    int chunks = Math.ceilDiv(job.keys(), Halves.CHUNK);
    Operands.put(to, KEY_BYTES, (long) chunks * Halves.CHUNK * Float.BYTES);
    Operands.put(to, GREATEST, job.greatest());
    Operands.put(to, TOTALS, job.totals());
    Operands.put(to, SUMS, job.sums());
    Operands.put(to, WIDE_BYTES, (long) job.wide() * Float.BYTES);
    Operands.put(to, TO, job.to());
    Operands.put(to, LOW, job.low());
    int there = job.keys() - (chunks - 1) * Halves.CHUNK;
    for (int i = 0; i < Halves.CHUNK; i += 2) {
      long pair = most(i, there) | most(i + 1, there) << Integer.SIZE;
      Operands.put(to, MOST_OF_LAST + i * Float.BYTES, pair);
    }
  }

  private static long most(int index, int there) {
    float most = index < there ? Float.POSITIVE_INFINITY : LEAST;
    return Integer.toUnsignedLong(Float.floatToRawIntBits(most));
  }

  private void function() {
    code.push(KEPT);
    NUMBERS.load(code);
    code.loadVector(MOST_A, OPERAND, MOST_OF_LAST);
    code.loadVector(MOST_B, OPERAND, MOST_OF_LAST + VECTOR);
    code.load(SCORE, OPERAND, SCORES);
    code.load(WEIGHT, OPERAND, TO);
    code.load(GREATEST_HERE, OPERAND, GREATEST);
    code.load(TOTAL_HERE, OPERAND, TOTALS);
    code.load(SUM_HERE, OPERAND, SUMS);
    code.load(APART, OPERAND, LOW);
    int rows = code.here();
    code.copy(END, SCORE);
    code.add(END, OPERAND, KEY_BYTES);
    hide(MOST_A, -2 * VECTOR);
    hide(MOST_B, -VECTOR);
    greatest();
    correction();
    correctSums();
    weights();
    code.addNumber(GREATEST_HERE, Float.BYTES);
    code.addNumber(TOTAL_HERE, Float.BYTES);
    code.addNumber(WEIGHT, VECTOR);
    code.copy(SCORE, END);
    code.addNumberToMemory(OPERAND, ROWS, -1);
    code.jumpBack(When.NOT_ZERO, rows);
    code.forgetUpperLanes();
    code.pop(KEPT);
    code.ret();
  }

  /// Overwrites what no key's score is among 16 of the last scores; no number gives way, too.
  private void hide(int most, int fromEnd) {
    code.loadVector(A, END, fromEnd);
    code.each(Each.LESSER, A, A, most);
    code.storeVector(A, END, fromEnd);
  }

  /// Finds the greatest score of a row, in all lanes of [#SUM_A].
  private void greatest() {
    code.loadVector(SUM_A, SCORE, 0);
    code.loadVector(SUM_B, SCORE, VECTOR);
    code.copy(HERE, SCORE);
    int jump = code.jumpAhead(When.ALWAYS);
    int loop = code.here();
    code.each(Each.GREATER, SUM_A, SUM_A, HERE, 0);
    code.each(Each.GREATER, SUM_B, SUM_B, HERE, VECTOR);
    code.land(jump);
    code.addNumber(HERE, 2 * VECTOR);
    code.compare(HERE, END);
    code.jumpBack(When.LESS, loop);
    overLanes(Each.GREATER);
  }

  /// Combines all lanes of two sums, in this order always.
  private void overLanes(Each operation) {
    code.each(operation, SUM_A, SUM_A, SUM_B);
    for (int apart = LANES / 2; apart > 0; apart /= 2) {
      code.swap(A, SUM_A, apart);
      code.each(operation, SUM_A, SUM_A, A);
    }
  }

  /// Sets [#MOST] and [#CORRECTION], and what powers need.
  private void correction() {
    code.roundUp(SUM_A, SUM_A);
    code.spread(A, GREATEST_HERE, 0);
    code.each(Each.GREATER, MOST, A, SUM_A);
    code.storeFirst(MOST, GREATEST_HERE, 0);
    code.each(Each.SUBTRACT, CORRECTION, A, MOST);
    code.each(Each.GREATER, CORRECTION, NUMBERS.of(LaneNumber.LEAST), CORRECTION);
    code.each(Each.ADD, CORRECTION, CORRECTION, NUMBERS.of(LaneNumber.TO_INTEGER));
    code.shiftLanesLeft(CORRECTION, CORRECTION, Exponential.MANTISSA_BITS);
    code.each(Each.ADD_WHOLE, CORRECTION, CORRECTION, NUMBERS.of(LaneNumber.ONE));
    code.each(Each.ADD, LEAST_SCORE, NUMBERS.of(LaneNumber.LEAST), MOST);
    code.each(Each.SUBTRACT, TO_INTEGER_HERE, NUMBERS.of(LaneNumber.TO_INTEGER), MOST);
    code.spread(TOTAL, TOTAL_HERE, 0);
    code.each(Each.MULTIPLY, TOTAL, TOTAL, CORRECTION);
  }

  private void correctSums() {
    code.load(HERE, OPERAND, WIDE_BYTES);
    code.addNumber(HERE, 0); // tells whether it is zero
    int none = code.jumpAhead(When.ZERO);
    int loop = code.here();
    code.each(Each.MULTIPLY, A, CORRECTION, SUM_HERE, 0);
    code.storeVector(A, SUM_HERE, 0);
    code.addNumber(SUM_HERE, VECTOR);
    code.addNumber(HERE, -VECTOR);
    code.jumpBack(When.NOT_ZERO, loop);
    code.land(none);
  }

  private void weights() {
    code.each(Each.EXCLUSIVE_OR, SUM_A, SUM_A, SUM_A);
    code.copyVector(SUM_B, SUM_A);
    code.copy(HERE, SCORE);
    code.copy(WRITE, WEIGHT);
    int loop = code.here();
    power(A, 0);
    power(B, VECTOR);
    code.each(Each.ADD, SUM_A, SUM_A, A);
    code.each(Each.ADD, SUM_B, SUM_B, B);
    halves();
    code.addNumber(HERE, 2 * VECTOR);
    code.compare(HERE, END);
    code.jumpBack(When.LESS, loop);
    overLanes(Each.ADD);
    code.each(Each.ADD, TOTAL, TOTAL, SUM_A);
    code.storeFirst(TOTAL, TOTAL_HERE, 0);
  }

  /// Makes a power of two of the difference of each score and the greatest.
  ///
  /// @param to register for it; the next two are overwritten
  private void power(int to, int distance) {
    int x = to + 1;
    int whole = to + 2;
    code.each(Each.GREATER, x, LEAST_SCORE, HERE, distance);
    powers.power(to, x, whole, TO_INTEGER_HERE);
  }

  /// Writes the halves of both.
  private void halves() {
    halves.split(A, B, A + 1, B + 1);
    code.storeVector(A + 1, WRITE, 0);
    code.add(WRITE, APART);
    code.storeVector(A, WRITE, 0);
    code.add(WRITE, APART);
  }
}
