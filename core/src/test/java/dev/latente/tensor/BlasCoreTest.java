package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlasCoreTest {
  private static final String WIDE =
      "flags\t\t: fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_bf16";

  @Test
  void amdWithAvx512GetsSkylakesKernels() {
    assertThat(name("vendor_id\t: AuthenticAMD", WIDE)).contains("SKYLAKEX");
  }

  @Test
  void othersAreLeftToOpenBlas() {
    assertThat(name("vendor_id\t: GenuineIntel", WIDE)).isEmpty();
    assertThat(name("vendor_id\t: AuthenticAMD", "flags\t: avx avx2")).isEmpty();
    assertThat(name("vendor_id\t: AuthenticAMD", WIDE.replace("avx512bw", "sse2"))).isEmpty();
    assertThat(name()).isEmpty();
  }

  private static Optional<String> name(String... lines) {
    return BlasCore.name(new CpuInfo(List.of(lines)));
  }
}
