package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuInfoTest {
  @Test
  void processorsOfOneCoreAreCountedOnce() {
    assertThat(
            of(
                    "physical id\t: 0", "core id\t: 0",
                    "physical id\t: 0", "core id\t: 1",
                    "physical id\t: 0", "core id\t: 0",
                    "physical id\t: 1", "core id\t: 0")
                .cores())
        .isEqualTo(3);
  }

  @Test
  void coresAreUnknownIfNotSaid() {
    assertThat(of("processor\t: 0", "BogoMIPS\t: 50.00").cores()).isZero();
  }

  @Test
  void featuresAreWholeWords() {
    assertThat(of("flags\t\t: fpu avx512f avx512bw").has(List.of("avx512f"))).isTrue();
    assertThat(of("flags\t\t: fpu avx512f avx512bw").has(List.of("avx512"))).isFalse();
    assertThat(of().has(List.of("fpu"))).isFalse();
  }

  private static CpuInfo of(String... lines) {
    return new CpuInfo(List.of(lines));
  }
}
