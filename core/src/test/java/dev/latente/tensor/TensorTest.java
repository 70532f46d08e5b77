package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void broadcastsArithmetic() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor row = Tensor.of(new float[] {10, 20}, 1, 2);
    assertThat(x.plus(row).toFloatArray()).containsExactly(11, 22, 13, 24);
    assertThat(x.times(2).minus(x).toFloatArray()).containsExactly(1, 2, 3, 4);
    assertThat(x.mean(1).toFloatArray()).containsExactly(1.5f, 3.5f);
    assertThat(x.sum().item()).isEqualTo(10);
  }

  @Test
  void drawsTheNumbersOfPyTorch() { // torch.manual_seed(0); torch.randn(5), as its manual prints
    assertThat(RandomNoise.seeded(0).normal(5).toFloatArray())
        .containsExactly(
            new float[] {1.5410f, -0.2934f, -2.1788f, 0.5684f, -1.0845f}, within(5e-5f));
  }

  @Test
  void continuesAStreamOfNoise() {
    RandomNoise noise = RandomNoise.seeded(7);
    float[] first = noise.normal(16).toFloatArray();
    float[] second = noise.normal(16).toFloatArray();
    assertThat(second).isNotEqualTo(first);
    assertThat(RandomNoise.seeded(7).normal(16).toFloatArray()).isEqualTo(first);
  }

  @Test
  void readsForeignNumbers() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment halves =
          arena.allocateFrom(
              ValueLayout.JAVA_SHORT, Float.floatToFloat16(1.5f), Float.floatToFloat16(-2));
      Tensor x = Tensor.read(halves, ElementType.F16, Precision.F32, 2);
      assertThat(x.toFloatArray()).containsExactly(1.5f, -2);
      assertThat(x.toBytes(ElementType.F16)).hasSize(4);
      assertThat(x.to(Precision.BF16).elementType()).isEqualTo(ElementType.BF16);
    }
  }

  @Test
  void saysWhichOperationFailedAndOnWhat() {
    Tensor a = Tensor.full(1, 2, 3);
    Tensor b = Tensor.full(1, 2, 3);
    assertThatThrownBy(() -> a.matmul(b))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("matmul failed for Tensor[2, 3] F32, Tensor[2, 3] F32: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void tidyFreesAllButItsResult() {
    Tensor kept = Scope.tidy(() -> Tensor.full(1, 4).plus(1).times(3));
    assertThat(kept.toFloatArray()).containsExactly(6, 6, 6, 6);
  }

  @Test
  void tidyNeedsAScope() {
    scope.close();
    assertThatThrownBy(() -> Scope.tidy(() -> Tensor.full(1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("enclosing scope");
    scope = Scope.open();
  }

  @Test
  void namesTheKnownDevices() {
    assertThat(Device.named("CPU")).isEqualTo(Device.CPU);
    assertThatThrownBy(() -> Device.named("tpu"))
        .hasMessage("unknown device 'tpu'; known: cpu, cuda, mps");
    assertThatThrownBy(() -> Precision.named("f8"))
        .hasMessage("unknown precision 'f8'; known: f32, f16, bf16");
  }
}
