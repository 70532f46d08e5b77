package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorReuseTest {
  private static final long ROWS = 512;
  private static final long COLUMNS = 1024;

  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  /// The address of a tensor that is freed at once.
  private static long passing(long... shape) {
    try (Scope _ = Scope.open()) {
      return NativeBlocks.fresh(shape).data_ptr().address();
    }
  }

  private static Tensor filled(float number, long... shape) {
    return NativeBlocks.fresh(shape).fill_(new Scalar(number));
  }

  @Test
  void whatIsFreedIsTakenByTheNextOfItsSize() {
    try (TensorReuse _ = TensorReuse.open()) {
      long address = passing(ROWS, COLUMNS);
      long other = passing(ROWS, 2 * COLUMNS);
      assertThat(passing(2, ROWS, COLUMNS)).isEqualTo(other).isNotEqualTo(address);
      assertThat(passing(COLUMNS, ROWS)).isEqualTo(address);
    }
  }

  @Test
  void whatIsInUseIsNot() {
    try (TensorReuse _ = TensorReuse.open()) {
      Tensor first = filled(1, ROWS, COLUMNS);
      Tensor part = first.narrow(0, 1, 1);
      assertThat(passing(ROWS, COLUMNS)).isNotEqualTo(first.data_ptr().address());
      first.releaseReference(); // its part still needs the memory
      Tensor second = filled(2, ROWS, COLUMNS);
      assertThat(part.sum().item_double()).isEqualTo(COLUMNS);
      assertThat(second.sum().item_double()).isEqualTo(2.0 * ROWS * COLUMNS);
    }
  }

  @Test
  void tensorsOutliveIt() {
    Tensor kept;
    try (TensorReuse _ = TensorReuse.open()) {
      kept = filled(3, COLUMNS, ROWS);
    }
    Tensor later = filled(4, COLUMNS, ROWS);
    assertThat(kept.is_contiguous()).isTrue();
    assertThat(kept.size(0)).isEqualTo(COLUMNS);
    assertThat(kept.sum().item_double()).isEqualTo(3.0 * ROWS * COLUMNS);
    assertThat(later.sum().item_double()).isEqualTo(4.0 * ROWS * COLUMNS);
  }

  @Test
  void anOuterOneWaits() {
    try (TensorReuse _ = TensorReuse.open()) {
      long address = passing(ROWS, COLUMNS);
      try (TensorReuse _ = TensorReuse.open()) {
        assertThat(passing(ROWS, COLUMNS)).isNotEqualTo(address);
      }
      assertThat(passing(ROWS, COLUMNS)).isEqualTo(address);
    }
  }
}
