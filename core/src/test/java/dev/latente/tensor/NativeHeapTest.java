package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class NativeHeapTest {
  private static final int MINOR_FAULTS = 9; // of the fields of proc(5) stat, from 0
  private static final int ROUNDS = 50;
  private static final int PAGES = 8192; // of 4 KiB: a tensor of 32 MiB

  @Test
  void whatTensorsGiveBackIsUsedAgainWithoutNewPages() throws IOException {
    assertThat(NativeHeap.keepFreed()).isTrue();
    fill(ROUNDS); // after other tests the library takes some rounds to settle on one block
    long before = minorFaults();
    fill(ROUNDS);
    // each round would fault once for every page; Java's own threads fault now and then
    assertThat(minorFaults() - before).isLessThan((long) ROUNDS * PAGES / 4);
  }

  private static void fill(int rounds) {
    for (int i = 0; i < rounds; i++) {
      try (Scope _ = Scope.open()) {
        assertThat(Tensor.full(i, PAGES, 1024).size(0)).isEqualTo(PAGES);
      }
    }
  }

  private static long minorFaults() throws IOException {
    String[] fields = Files.readString(Path.of("/proc/self/stat")).split(" ", -1);
    return Long.parseLong(fields[MINOR_FAULTS]);
  }
}
