package dev.latente.kernel;

import dev.latente.kernel.LaneSteps.Product;
import dev.latente.kernel.LaneSteps.Scales;

/// The machine code of [LaneSteps#multiplyShorts], for processors with AVX-512 and its VNNI: a
/// function in C, as Linux calls such on x86-64, of one address, that of its operands. In C it
/// would be
///
/// ```
/// for (; groups > 0; groups--, a to the next eight rows, rows += 8, y += 8)
///   for each block of pairs
///     sums = 0
///     for (k = 0; k < pairs of the block; k++)
///       for (row = 0; row < 8; row++) sums[row] += a[k][row] · b[k], both products of pairs
///     y = sums · rows[block][row] · lanes + (add or not the first block ? y : 0)
/// ```
///
/// There are two of it: of scores, with one block and `lanes`, which are not added to anything; and
/// of what they find, with blocks of [#BLOCK] numbers and without `lanes`.
public final class LaneShortCode {
  /// Keys whose values share a scale.
  static final int BLOCK = 32;

  private static final int ROWS = LaneProductCode.ROWS;
  private static final int PAIRS = ROWS / 2; // of a round
  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;
  private static final int PANELS = 2; // of queries

  // Where the operands are, behind those of a LaneProductCode.
  private static final int SCALES = LaneProductCode.OPERANDS;
  private static final int SCALES_APART = SCALES + 8;
  private static final int LANE_SCALES = SCALES + 16;

  /// Bytes of the operands.
  public static final int OPERANDS = LANE_SCALES + 8;

  private static final int OPERAND = Assembler.RDI;
  private static final int ROW = Assembler.RSI; // the first of eight
  private static final int Y_HERE = Assembler.RDX;
  private static final int ON = Assembler.RCX; // to the next eight rows, and from there
  private static final int THEN_ON = Assembler.R8;
  private static final int B_AWAY = Assembler.R9;
  private static final int Y_OTHER = Assembler.R10; // of the other panel
  private static final int B_HERE = Assembler.R11;
  private static final int HERE = Assembler.RAX;
  private static final int LEFT = Assembler.RBX;
  private static final int SCALE = Assembler.R13;
  private static final int ADDING = Assembler.R14;
  private static final int NOW = Assembler.R15; // rounds left of a block
  private static final int[] KEPT = {Assembler.RBX, Assembler.R13, Assembler.R14, Assembler.R15};

  private static final int FIRST = ROWS * PANELS; // register that holds no sum
  private static final int FREE = FIRST + PANELS;
  private static final int FREE_ONES = 32 - FREE;

  private final Assembler code = new Assembler();
  private final boolean scores;

  private LaneShortCode(boolean scores) {
    this.scores = scores;
  }

  /// The code. It may lie anywhere.
  ///
  /// @param scores whether they are made
  public static byte[] of(boolean scores) {
    LaneShortCode code = new LaneShortCode(scores);
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Product job, Scales scales, long[] to) {
    LaneProductCode.operands(job, to);
    Operands.put(to, SCALES, scales.rows());
    Operands.put(to, SCALES_APART, scales.apart());
    Operands.put(to, LANE_SCALES, scales.lanes());
  }

  private void function() {
    for (int register : KEPT) {
      code.push(register);
    }
    code.load(ROW, OPERAND, LaneProductCode.A);
    code.load(THEN_ON, OPERAND, LaneProductCode.PANEL);
    code.set(ON, VECTOR / 2);
    code.addNumber(THEN_ON, -VECTOR / 2);
    code.load(B_AWAY, OPERAND, LaneProductCode.B_APART);
    code.load(Y_HERE, OPERAND, LaneProductCode.Y);
    code.copy(Y_OTHER, Y_HERE);
    code.add(Y_OTHER, OPERAND, LaneProductCode.Y_APART);
    int groups = code.here();
    group();
    code.addNumber(Y_HERE, ROWS * VECTOR);
    code.addNumber(Y_OTHER, ROWS * VECTOR);
    code.add(ROW, ON);
    code.copy(HERE, ON);
    code.copy(ON, THEN_ON);
    code.copy(THEN_ON, HERE);
    code.addNumberToMemory(OPERAND, SCALES, ROWS * Float.BYTES);
    code.addNumberToMemory(OPERAND, LaneProductCode.GROUPS, -1);
    code.jumpBack(When.NOT_ZERO, groups);
    code.forgetUpperLanes();
    for (int i = KEPT.length - 1; i >= 0; i--) {
      code.pop(KEPT[i]);
    }
    code.ret();
  }

  /// Eight rows.
  private void group() {
    code.copy(HERE, ROW);
    code.load(B_HERE, OPERAND, LaneProductCode.B);
    code.load(LEFT, OPERAND, LaneProductCode.ROUNDS);
    code.load(SCALE, OPERAND, SCALES);
    code.load(ADDING, OPERAND, LaneProductCode.ADD);
    int blocks = code.here();
    for (int sum = 0; sum < FIRST; sum++) {
      code.each(Each.EXCLUSIVE_OR, sum, sum, sum);
    }
    code.set(NOW, BLOCK / ROWS);
    int rounds = code.here();
    round();
    code.addNumber(HERE, PAIRS * VECTOR);
    code.addNumber(B_HERE, PAIRS * VECTOR);
    code.addNumber(LEFT, -1);
    if (scores) {
      code.jumpBack(When.NOT_ZERO, rounds);
      store(false);
      return;
    }
    int last = code.jumpAhead(When.ZERO);
    code.addNumber(NOW, -1);
    code.jumpBack(When.NOT_ZERO, rounds);
    code.land(last);
    code.addNumber(ADDING, 0); // tells whether it is zero
    int first = code.jumpAhead(When.ZERO);
    store(true);
    int stored = code.jumpAhead(When.ALWAYS);
    code.land(first);
    store(false);
    code.set(ADDING, 1);
    code.land(stored);
    code.add(SCALE, OPERAND, SCALES_APART);
    code.addNumber(LEFT, 0);
    code.jumpBack(When.NOT_ZERO, blocks);
  }

  private void round() {
    for (int k = 0; k < PAIRS; k++) {
      code.loadVector(FIRST, B_HERE, k * VECTOR);
      code.loadVector(FIRST + 1, B_HERE, B_AWAY, k * VECTOR);
      for (int row = 0; row < ROWS; row++) {
        int pair = FREE + row % FREE_ONES;
        code.spread(pair, HERE, k * VECTOR + row * Float.BYTES);
        code.each(Each.PLUS_PAIRS, sum(row, 0), pair, FIRST);
        code.each(Each.PLUS_PAIRS, sum(row, 1), pair, FIRST + 1);
      }
    }
  }

  private void store(boolean add) {
    if (scores) {
      code.load(HERE, OPERAND, LANE_SCALES);
      code.loadVector(FIRST, HERE, 0);
      code.loadVector(FIRST + 1, HERE, VECTOR);
    }
    for (int row = 0; row < ROWS; row++) {
      int scale = FREE + row % FREE_ONES;
      code.spread(scale, SCALE, row * Float.BYTES);
      for (int panel = 0; panel < PANELS; panel++) {
        int sum = sum(row, panel);
        int y = panel == 0 ? Y_HERE : Y_OTHER;
        code.each(Each.FROM_WHOLE, sum, sum);
        if (scores) {
          code.each(Each.MULTIPLY, sum, sum, FIRST + panel);
        }
        if (add) {
          code.each(Each.TIMES_AND_PLUS, sum, scale, y, row * VECTOR);
        } else {
          code.each(Each.MULTIPLY, sum, sum, scale);
        }
        code.storeVector(sum, y, row * VECTOR);
      }
    }
  }

  private static int sum(int row, int panel) {
    return row * PANELS + panel;
  }
}
