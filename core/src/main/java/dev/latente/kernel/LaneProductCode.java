package dev.latente.kernel;

import dev.latente.kernel.LaneSteps.Product;

/// The machine code of [LaneSteps#multiply], for processors with AVX-512: a function in C, as Linux
/// calls such on x86-64, of one address, that of its operands. In C it would be
///
/// ```
/// for (; groups > 0; groups--, a to the next eight rows, y += 8)
///   sums = add ? y : 0
///   for (k = 0; k < depth; k++)
///     for (row = 0; row < 8; row++) sums[row] += a[k][row] · b[k]
///   y = sums
/// ```
public final class LaneProductCode {
  /// Rows at once, and numbers of a row in a round.
  static final int ROWS = 8;

  private static final int LANES = Halves.LANES;
  private static final int VECTOR = LANES * Float.BYTES;
  private static final int PANELS = 2; // of queries

  // Where the operands are: 64 bits each.
  static final int A = 0;
  static final int PANEL = 8;
  static final int B = 16;
  static final int B_APART = 24;
  static final int ROUNDS = 32;
  static final int Y = 40;
  static final int Y_APART = 48;
  static final int GROUPS = 56;
  static final int ADD = 64;

  /// Bytes of the operands.
  public static final int OPERANDS = 72;

  private static final int OPERAND = Assembler.RDI;
  private static final int ROW = Assembler.RSI; // the first of eight
  private static final int Y_HERE = Assembler.RDX;
  private static final int ON = Assembler.RCX; // to the next eight rows, and from there
  private static final int THEN_ON = Assembler.R8;
  private static final int B_AWAY = Assembler.R9;
  private static final int Y_AWAY = Assembler.R10;
  private static final int B_HERE = Assembler.R11;
  private static final int HERE = Assembler.RAX;
  private static final int LEFT = Assembler.RBX;

  private static final int FIRST = ROWS * PANELS; // register that holds no sum
  private static final int FREE = FIRST + PANELS;
  private static final int FREE_ONES = 32 - FREE;

  private final Assembler code = new Assembler();

  private LaneProductCode() {}

  /// The code. It may lie anywhere.
  public static byte[] bytes() {
    LaneProductCode code = new LaneProductCode();
    code.function();
    return code.code.bytes();
  }

  /// Writes the operands.
  ///
  /// @param to room for [#OPERANDS] bytes
  public static void operands(Product job, long[] to) {
    Operands.put(to, A, job.a());
    Operands.put(to, PANEL, job.panel());
    Operands.put(to, B, job.b());
    Operands.put(to, B_APART, job.bApart());
    Operands.put(to, ROUNDS, job.depth() / ROWS);
    Operands.put(to, Y, job.y());
    Operands.put(to, Y_APART, job.yApart());
    Operands.put(to, GROUPS, job.rows() / ROWS);
    Operands.put(to, ADD, job.add() ? 1 : 0);
  }

  private void function() {
    code.push(LEFT);
    code.load(ROW, OPERAND, A);
    code.load(THEN_ON, OPERAND, PANEL);
    code.set(ON, VECTOR / 2);
    code.addNumber(THEN_ON, -VECTOR / 2);
    code.load(B_AWAY, OPERAND, B_APART);
    code.load(Y_HERE, OPERAND, Y);
    code.load(Y_AWAY, OPERAND, Y_APART);
    int groups = code.here();
    begin();
    code.copy(HERE, ROW);
    code.load(B_HERE, OPERAND, B);
    code.load(LEFT, OPERAND, ROUNDS);
    int rounds = code.here();
    round();
    code.addNumber(HERE, ROWS * VECTOR);
    code.addNumber(B_HERE, ROWS * VECTOR);
    code.addNumber(LEFT, -1);
    code.jumpBack(When.NOT_ZERO, rounds);
    for (int row = 0; row < ROWS; row++) {
      code.storeVector(sum(row, 0), Y_HERE, row * VECTOR);
      code.storeVector(sum(row, 1), Y_HERE, Y_AWAY, row * VECTOR);
    }
    code.addNumber(Y_HERE, ROWS * VECTOR);
    code.add(ROW, ON);
    code.copy(HERE, ON);
    code.copy(ON, THEN_ON);
    code.copy(THEN_ON, HERE);
    code.addNumberToMemory(OPERAND, GROUPS, -1);
    code.jumpBack(When.NOT_ZERO, groups);
    code.forgetUpperLanes();
    code.pop(LEFT);
    code.ret();
  }

  private void begin() {
    code.load(HERE, OPERAND, ADD);
    code.addNumber(HERE, 0); // tells whether it is zero
    int zeros = code.jumpAhead(When.ZERO);
    for (int row = 0; row < ROWS; row++) {
      code.loadVector(sum(row, 0), Y_HERE, row * VECTOR);
      code.loadVector(sum(row, 1), Y_HERE, Y_AWAY, row * VECTOR);
    }
    int ready = code.jumpAhead(When.ALWAYS);
    code.land(zeros);
    for (int sum = 0; sum < FIRST; sum++) {
      code.each(Each.EXCLUSIVE_OR, sum, sum, sum);
    }
    code.land(ready);
  }

  private void round() {
    for (int k = 0; k < ROWS; k++) {
      code.loadVector(FIRST, B_HERE, k * VECTOR);
      code.loadVector(FIRST + 1, B_HERE, B_AWAY, k * VECTOR);
      for (int row = 0; row < ROWS; row++) {
        int number = FREE + row % FREE_ONES;
        code.spread(number, HERE, k * VECTOR + row * Float.BYTES);
        code.each(Each.PLUS_PRODUCT, sum(row, 0), number, FIRST);
        code.each(Each.PLUS_PRODUCT, sum(row, 1), number, FIRST + 1);
      }
    }
  }

  private static int sum(int row, int panel) {
    return row * PANELS + panel;
  }
}
