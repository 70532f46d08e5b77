package dev.latente.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.latente.pipeline.LoadOptions;
import dev.latente.pipeline.MemoryUse;
import dev.latente.tensor.Acceleration;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// What may be taken for speed: memory, and digits.
final class MemoryMixin {
  @Option(names = "--memory", paramLabel = "low|balanced|fast")
  private Optional<MemoryUse> use = Optional.empty();

  @Option(names = "--exact")
  private boolean exact;

  /// `options` with what the user chose, or what suits the machine. How numbers are multiplied is
  /// set for the process.
  ///
  /// @param model the file or folder
  LoadOptions with(LoadOptions options, Path model) throws IOException {
    return with(options, bytes(model));
  }

  /// As the other, for a model of so many bytes.
  LoadOptions with(LoadOptions options, long bytes) {
    Acceleration.useShorts(!exact);
    return options.withMemory(use.orElseGet(() -> MemoryUse.usual(bytes, ofMachine())));
  }

  private static long ofMachine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /// The size of a file, or of all files in a folder.
  private static long bytes(Path model) throws IOException {
    if (!Files.isDirectory(model)) {
      return Files.size(model);
    }
    try (Stream<Path> files = Files.walk(model)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
