package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepetitionTest {
  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor rows(float... numbers) {
    Tensor row = Tensor.of(numbers, numbers.length, 1);
    return Tensor.concat(1, row, row.plus(1));
  }

  @Test
  void theLeastPeriodIsFound() {
    assertThat(Repetition.period(rows(1, 2, 1, 2, 1, 2))).isEqualTo(2);
    assertThat(Repetition.period(rows(1, 2, 3, 1, 2, 3))).isEqualTo(3);
    assertThat(Repetition.period(rows(5, 5, 5))).isEqualTo(1);
    assertThat(Repetition.period(rows(7))).isEqualTo(1);
    assertThat(Repetition.period(rows(1, 2, 1))).isEqualTo(3);
    assertThat(Repetition.period(rows(1, 1, 2, 2))).isEqualTo(4);
  }

  @Test
  void allTensorsRepeat() {
    assertThat(Repetition.period(rows(1, 1, 1, 1), rows(1, 2, 1, 2))).isEqualTo(2);
    assertThat(Repetition.period(rows(1, 2, 1, 2), rows(1, 2, 3, 4))).isEqualTo(4);
  }

  @Test
  void bitsAreCompared() {
    assertThat(Repetition.period(rows(Float.NaN, Float.NaN))).isEqualTo(1);
    assertThat(Repetition.period(Tensor.of(new float[] {0F, -0F}, 2, 1))).isEqualTo(2);
  }
}
