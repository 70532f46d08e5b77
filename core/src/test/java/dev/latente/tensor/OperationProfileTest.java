package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationProfileTest {
  private static List<OperationCost> profiled(Runnable work) {
    try (Scope _ = Scope.open();
        OperationProfile profile = OperationProfile.start()) {
      work.run();
      return profile.lap();
    }
  }

  private static OperationCost only(List<OperationCost> costs, OperationKind kind) {
    List<OperationCost> found = costs.stream().filter(cost -> cost.kind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  // Counted by hand: two for each pair of numbers that is multiplied and added.
  @Test
  void arithmeticIsCountedAsInTheTextbook() {
    List<OperationCost> costs =
        profiled(() -> {
          Tensor map = Tensor.full(1, 2, 3, 8, 6);
          map.conv2d(Tensor.full(1, 5, 3, 3, 3), Optional.empty(), 1, 1);
          Tensor rows = Tensor.full(1, 2, 7, 4);
          rows.linear(Tensor.full(1, 10, 4));
          Tensor heads = Tensor.full(1, 2, 3, 16, 4);
          heads.attention(heads, heads, false);
          Tensor text = Tensor.full(1, 2, 3, 5, 4);
          heads.attention(text, text, false);
        });
    OperationCost convolution = only(costs, OperationKind.CONVOLUTION);
    assertThat(convolution.flops()).isEqualTo(2.0 * (2 * 5 * 8 * 6) * (3 * 3 * 3));
    assertThat(convolution.positions()).isEqualTo(8 * 6);
    OperationCost linear = only(costs, OperationKind.LINEAR);
    assertThat(linear.flops()).isEqualTo(2.0 * (2 * 7 * 10) * 4);
    assertThat(linear.positions()).isEqualTo(7);
    assertThat(only(costs, OperationKind.SELF_ATTENTION).flops())
        .isEqualTo(2 * 2.0 * (2 * 3) * 16 * 16 * 4);
    assertThat(only(costs, OperationKind.CROSS_ATTENTION).flops())
        .isEqualTo(2 * 2.0 * (2 * 3) * 16 * 5 * 4);
  }

  @Test
  void convolutionsOfOnePixelAreLinear() {
    OperationCost cost =
        only(
            profiled(() ->
                Tensor.full(1, 1, 3, 4, 4)
                    .conv2d(Tensor.full(1, 5, 3, 1, 1), Optional.empty(), 1, 0)),
            OperationKind.LINEAR);
    assertThat(cost.flops()).isEqualTo(2.0 * (5 * 4 * 4) * 3);
    assertThat(cost.positions()).isEqualTo(16);
  }

  // Else the widening of a weight would count twice: by itself, and in the product it is for.
  @Test
  void operationsInsideOthersCountOnce() {
    long begin = System.nanoTime();
    List<OperationCost> costs =
        profiled(() -> {
          Tensor weight = Tensor.full(0.5, 2000, 2000).to(Precision.F16);
          Tensor x = Tensor.full(1, 1, 2000);
          for (int i = 0; i < 20; i++) {
            x.linear(weight);
          }
        });
    double whole = (System.nanoTime() - begin) / 1e9;
    assertThat(only(costs, OperationKind.WIDENING).calls()).isEqualTo(20);
    assertThat(only(costs, OperationKind.WIDENING).seconds()).isPositive();
    assertThat(costs.stream().mapToDouble(OperationCost::seconds).sum()).isLessThan(whole);
  }

  @Test
  void eachLapBeginsAnew() {
    try (Scope _ = Scope.open();
        OperationProfile profile = OperationProfile.start()) {
      Tensor.full(1, 3).plus(1).plus(2).times(2);
      List<OperationCost> first = profile.lap();
      assertThat(first)
          .extracting(OperationCost::name, OperationCost::calls)
          .containsExactlyInAnyOrder(tuple("full", 1L), tuple("add", 2L), tuple("mul", 1L));
      assertThat(profile.lap()).isEmpty();
    }
  }

  @Test
  void onlyTheThreadThatOpenedItIsCounted() throws InterruptedException {
    try (OperationProfile profile = OperationProfile.start()) {
      Thread other =
          new Thread(() -> {
            try (Scope _ = Scope.open()) {
              Tensor.full(1, 3);
            }
          });
      other.start();
      other.join();
      assertThat(profile.lap()).isEmpty();
    }
  }

  @Test
  void oneIsOpenAtATime() {
    try (OperationProfile _ = OperationProfile.start()) {
      assertThatThrownBy(OperationProfile::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("another profile is open");
    }
    OperationProfile.start().close();
  }
}
