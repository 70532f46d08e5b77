package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuInfoTest {
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
