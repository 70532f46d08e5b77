package dev.latente.kernel;

import dev.latente.kernel.LaneSteps.Weights;

/// The machine code of [LaneSteps#weigh], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C, for each query, it would be
///
/// ```
/// most = max(greatest, ceil(max of scores))
/// correction = 2^(greatest - most), greatest = most
/// found *= correction
/// for each score there is: weight = 2^(score - greatest)
/// for the others: weight = 0
/// total = total * correction + sum of weights
/// ```
///
/// Of [Shorts] weights are 2^15 times as large, and those of two keys lie in a lane.
///
/// The powers are those of [Exponential#exp2].
public final class LaneScoreCode {
  private static final int VECTOR = Halves.LANES * Float.BYTES;
  private static final int PANELS = 2;

  // Where the operands are: 64 bits each. Keys and features are counted in bytes of their panels.
  private static final int SCORES = 0;
  private static final int APART = 8;
  private static final int KEYS = 16;
  private static final int PADDED = 24;
  private static final int GREATEST = 32;
  private static final int TOTALS = 40;
  private static final int FOUND = 48;
  private static final int FOUND_APART = 56;
  private static final int FEATURES = 64;

  /// Bytes of the operands.
  public static final int OPERANDS = 72;

  private static final int OPERAND = Assembler.RDI;
  private static final int AWAY = Assembler.RSI;
  private static final int HERE = Assembler.RAX;
  private static final int OTHER = Assembler.RDX; // of the other panel
  private static final int END = Assembler.R8;
  private static final int ALL = Assembler.R9; // the end of padded keys
  private static final int STATE = Assembler.R10;
  private static final int WRITE = Assembler.RCX; // pairs
  private static final int WRITE_OTHER = Assembler.R11;

  // What vectors hold, of both panels: first what is kept through the scores.
  private static final int CORRECTION = 0;
  private static final int LEAST_SCORE = 2;
  private static final int TO_INTEGER_HERE = 4;
  private static final int SUM = 6;
  private static final int MOST = 8;
  private static final int MORE = 10;
  private static final int A = 12; // and two more, for each panel's powers
  private static final int STEP = 3;

  // Of whole numbers of 16 bits: 2^15 stands for 1, and weights are at most that less 2, as the
  // greatest score is put up by so much, and by some of its last digits, before it is rounded up.
  private static final int BITS = 15;
  private static final float ROUNDED = 1e-4F;
  private static final float ULPS = 0x1p-22F;

  private static final float NO_SCORE = -1e30F;

  private static final LaneNumbers NUMBERS = LaneNumbers.withPowers();

  private final Assembler code = new Assembler();
  private final PowerCode powers = new PowerCode(code, NUMBERS);

  private final boolean shorts;

  private LaneScoreCode(boolean shorts) {
    this.shorts = shorts;
  }

  /// The code. It may lie anywhere.
  ///
  /// @param shorts whether weights become such
  public static byte[] of(boolean shorts) {
    LaneScoreCode code = new LaneScoreCode(shorts);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Weights job, long[] to) {
    Operands.put(to, SCORES, job.scores());
    Operands.put(to, APART, job.apart());
    Operands.put(to, KEYS, (long) job.keys() * VECTOR);
    Operands.put(to, PADDED, (long) job.padded() * VECTOR);
    Operands.put(to, GREATEST, job.greatest());
    Operands.put(to, TOTALS, job.totals());
    Operands.put(to, FOUND, job.found());
    Operands.put(to, FOUND_APART, job.foundApart());
    Operands.put(to, FEATURES, (long) job.features() * VECTOR);
  }

  private void function() {
    NUMBERS.load(code);
    code.load(AWAY, OPERAND, APART);
    code.load(HERE, OPERAND, SCORES);
    code.copy(END, HERE);
    code.copy(ALL, HERE);
    code.add(END, OPERAND, KEYS);
    code.add(ALL, OPERAND, PADDED);
    greatest();
    code.load(STATE, OPERAND, GREATEST);
    for (int panel = 0; panel < PANELS; panel++) {
      correction(panel);
    }
    correctFound();
    if (shorts) {
      shortWeights();
    } else {
      weights();
    }
    code.load(STATE, OPERAND, TOTALS);
    for (int panel = 0; panel < PANELS; panel++) {
      code.each(Each.MULTIPLY, A, CORRECTION + panel, STATE, panel * VECTOR);
      code.each(Each.ADD, A, A, SUM + panel);
      code.storeVector(A, STATE, panel * VECTOR);
    }
    code.forgetUpperLanes();
    code.ret();
  }

  /// Begins with the first score of both panels.
  private void begin() {
    code.load(HERE, OPERAND, SCORES);
    code.copy(OTHER, HERE);
    code.add(OTHER, AWAY);
  }

  private void on(int vectors) {
    code.addNumber(HERE, vectors * VECTOR);
    code.addNumber(OTHER, vectors * VECTOR);
  }

  private static int pointer(int panel) {
    return panel == 0 ? HERE : OTHER;
  }

  /// Finds the greatest scores, in [#MOST].
  private void greatest() {
    begin();
    for (int panel = 0; panel < PANELS; panel++) {
      code.loadVector(MOST + panel, pointer(panel), 0);
      code.loadVector(MORE + panel, pointer(panel), VECTOR);
    }
    int loop = code.here();
    for (int panel = 0; panel < PANELS; panel++) {
      for (int i = 0; i < 4; i += 2) {
        int most = MOST + panel;
        int more = MORE + panel;
        code.each(Each.GREATER, most, most, pointer(panel), i * VECTOR);
        code.each(Each.GREATER, more, more, pointer(panel), (i + 1) * VECTOR);
      }
    }
    on(4);
    code.compare(HERE, ALL);
    code.jumpBack(When.LESS, loop);
    for (int panel = 0; panel < PANELS; panel++) {
      code.each(Each.GREATER, MOST + panel, MOST + panel, MORE + panel);
    }
  }

  /// Sets [#CORRECTION] of a panel, and what powers need.
  private void correction(int panel) {
    int most = MOST + panel;
    int correction = CORRECTION + panel;
    if (shorts) {
      spread(A, LaneNumber.UNSIGNED.number());
      code.each(Each.AND, A, A, most);
      spread(A + 1, ULPS);
      code.each(Each.MULTIPLY, A, A, A + 1);
      spread(A + 1, ROUNDED);
      code.each(Each.ADD, A, A, A + 1);
      code.each(Each.ADD, most, most, A);
    }
    code.roundUp(most, most);
    code.loadVector(A, STATE, panel * VECTOR);
    code.each(Each.GREATER, most, A, most);
    code.storeVector(most, STATE, panel * VECTOR);
    code.each(Each.SUBTRACT, correction, A, most);
    code.each(Each.GREATER, correction, NUMBERS.of(LaneNumber.LEAST), correction);
    code.each(Each.ADD, correction, correction, NUMBERS.of(LaneNumber.TO_INTEGER));
    code.shiftLanesLeft(correction, correction, Exponential.MANTISSA_BITS);
    code.each(Each.ADD_WHOLE, correction, correction, NUMBERS.of(LaneNumber.ONE));
    if (shorts) {
      spread(A, -BITS);
      code.each(Each.ADD, most, most, A);
    }
    code.each(Each.ADD, LEAST_SCORE + panel, NUMBERS.of(LaneNumber.LEAST), most);
    code.each(Each.SUBTRACT, TO_INTEGER_HERE + panel, NUMBERS.of(LaneNumber.TO_INTEGER), most);
    code.each(Each.EXCLUSIVE_OR, SUM + panel, SUM + panel, SUM + panel);
  }

  private void correctFound() {
    code.load(STATE, OPERAND, FEATURES);
    code.addNumber(STATE, 0); // tells whether it is zero
    int none = code.jumpAhead(When.ZERO);
    code.load(HERE, OPERAND, FOUND);
    code.copy(OTHER, HERE);
    code.add(OTHER, OPERAND, FOUND_APART);
    int loop = code.here();
    for (int panel = 0; panel < PANELS; panel++) {
      code.each(Each.MULTIPLY, A, CORRECTION + panel, pointer(panel), 0);
      code.storeVector(A, pointer(panel), 0);
    }
    on(1);
    code.addNumber(STATE, -VECTOR);
    code.jumpBack(When.NOT_ZERO, loop);
    code.land(none);
  }

  private void spread(int to, float number) {
    code.set(HERE, Float.floatToRawIntBits(number));
    code.spreadLow(to, HERE);
  }

  /// Writes [#A] from here to the end of padded keys.
  private void fill() {
    int rest = code.here();
    code.storeVector(A, HERE, 0);
    code.storeVector(A, OTHER, 0);
    on(1);
    code.compare(HERE, ALL);
    code.jumpBack(When.LESS, rest);
  }

  /// As [#weights], two at a time; what is behind the keys has a score that weighs nothing.
  private void shortWeights() {
    code.compare(END, ALL);
    int whole = code.jumpAhead(When.ZERO);
    spread(A, NO_SCORE);
    code.copy(HERE, END);
    code.copy(OTHER, END);
    code.add(OTHER, AWAY);
    fill();
    code.land(whole);
    begin();
    code.copy(WRITE, HERE);
    code.copy(WRITE_OTHER, OTHER);
    int loop = code.here();
    for (int panel = 0; panel < PANELS; panel++) {
      for (int key = 0; key < 2; key++) {
        int to = A + (2 * panel + key) * STEP;
        int x = to + 1;
        code.each(Each.GREATER, x, LEAST_SCORE + panel, pointer(panel), key * VECTOR);
        powers.power(to, x, to + 2, TO_INTEGER_HERE + panel);
        code.each(Each.ADD, SUM + panel, SUM + panel, to);
        code.each(Each.TO_WHOLE, to, to);
      }
      int first = A + 2 * panel * STEP;
      code.shiftLanesLeft(first + STEP, first + STEP, Short.SIZE);
      code.each(Each.OR, first, first, first + STEP);
      code.storeVector(first, panel == 0 ? WRITE : WRITE_OTHER, 0);
    }
    on(2);
    code.addNumber(WRITE, VECTOR);
    code.addNumber(WRITE_OTHER, VECTOR);
    code.compare(HERE, ALL);
    code.jumpBack(When.LESS, loop);
  }

  private void weights() {
    begin();
    int loop = code.here();
    for (int panel = 0; panel < PANELS; panel++) {
      int to = A + panel * STEP;
      int x = to + 1;
      code.each(Each.GREATER, x, LEAST_SCORE + panel, pointer(panel), 0);
      powers.power(to, x, to + 2, TO_INTEGER_HERE + panel);
      code.each(Each.ADD, SUM + panel, SUM + panel, to);
      code.storeVector(to, pointer(panel), 0);
    }
    on(1);
    code.compare(HERE, END);
    code.jumpBack(When.LESS, loop);
    code.compare(HERE, ALL);
    int whole = code.jumpAhead(When.ZERO);
    code.each(Each.EXCLUSIVE_OR, A, A, A);
    fill();
    code.land(whole);
  }
}
