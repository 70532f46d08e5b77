package dev.latente.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What Linux says of the processors.
///
/// @param lines of `/proc/cpuinfo`, none where there is no such file
record CpuInfo(List<String> lines) {
  private static final Path FILE = Path.of("/proc/cpuinfo");

  static CpuInfo read() {
    try {
      return new CpuInfo(Files.readAllLines(FILE));
    } catch (IOException _) {
      return new CpuInfo(List.of()); // not Linux
    }
  }

  /// Whether the processor is of this vendor.
  boolean isOf(String vendor) {
    return lines.stream().anyMatch(line -> line.startsWith("vendor_id") && line.endsWith(vendor));
  }

  /// Whether the processor can do all of this, as `flags` has it.
  boolean has(List<String> features) {
    return lines.stream()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .filter(line -> List.of(line.split("\\s+")).containsAll(features))
        .isPresent();
  }
}
