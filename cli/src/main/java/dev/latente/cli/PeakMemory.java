package dev.latente.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The most memory this process has had in use.
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";
  private static final String PEAK_ONLY = "5"; // proc(5): forget the peak

  private PeakMemory() {}

  /// The greatest resident set so far in bytes; -1 where the system does not tell.
  static long bytes() {
    return read(PEAK);
  }

  /// The resident set in bytes; -1 where the system does not tell.
  static long now() {
    return read(NOW);
  }

  /// Lets [#bytes] begin anew, where the system can do that; elsewhere it goes on from before.
  static void restart() {
    if (Files.isWritable(CLEAR)) {
      try {
        Files.writeString(CLEAR, PEAK_ONLY);
      } catch (IOException _) {
        // then it goes on from before, as documented
      }
    }
  }

  private static long read(String field) {
    if (!Files.isReadable(STATUS)) {
      return -1;
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024) // in kB
          .findFirst()
          .orElse(-1);
    } catch (IOException _) {
      return -1;
    }
  }
}
