package dev.latente.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The machine this runs on.
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /// What its processor is called; the architecture where the system does not tell.
  static String processor() {
    if (Files.isReadable(PROCESSORS)) {
      try (Stream<String> lines = Files.lines(PROCESSORS)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseGet(Machine::architecture);
      } catch (IOException _) {
        return architecture();
      }
    }
    return architecture();
  }

  private static String architecture() {
    return System.getProperty("os.arch", "unknown");
  }
}
