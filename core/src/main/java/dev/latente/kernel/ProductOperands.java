package dev.latente.kernel;

import dev.latente.kernel.TileProduct.Job;

/// Where the code of a [TileProduct] finds its operands, 64 bits each.
final class ProductOperands {
  static final int A = 0;
  static final int LOW = 8;
  static final int STEP_COUNT = 16;
  static final int B = 24;
  static final int B_APART = 32;
  static final int Y = 40;
  static final int Y_LINE = 48;
  static final int DOWN = 56;
  static final int ACROSS = 64;
  static final int ADD = 72;
  static final int A_APART = 80;
  static final int Y_APART = 88;

  /// Bytes of all.
  static final int BYTES = 96;

  private ProductOperands() {}

  /// Writes the operands of some steps of a product.
  ///
  /// @param from the first step; it and those before it were added up if it is not 0
  /// @param count of steps
  /// @param down how many times rows are multiplied together
  static void put(Job job, int from, int count, int down, long[] to) {
    Operands.put(to, A, job.a());
    Operands.put(to, LOW, job.low());
    Operands.put(to, STEP_COUNT, count);
    Operands.put(to, B, job.b() + (long) from * job.shape().stepBytes());
    Operands.put(to, B_APART, job.series().b());
    Operands.put(to, Y, job.y());
    Operands.put(to, Y_LINE, (long) job.columns() * Float.BYTES);
    Operands.put(to, DOWN, down);
    Operands.put(to, ACROSS, job.series().count());
    Operands.put(to, ADD, job.add() || from > 0 ? 1 : 0);
    Operands.put(to, A_APART, job.series().a());
    Operands.put(to, Y_APART, job.series().y());
  }
}
