package dev.latente.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.latente.pipeline.LoadOptions;
import dev.latente.pipeline.MemoryUse;
import dev.latente.tensor.Acceleration;
import dev.latente.tensor.Device;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// How much memory may be taken for speed.
final class MemoryMixin {
  /// The share of the machine's memory that a second form of the weights may take.
  private static final int ONE_IN = 4;

  @Option(names = "--memory", paramLabel = "low|balanced|fast")
  private Optional<MemoryUse> use = Optional.empty();

  /// `options` with what the user chose, or what suits the machine; allows the kernels if that is
  /// speed.
  ///
  /// @param model the file or folder
  LoadOptions with(LoadOptions options, Path model) throws IOException {
    return with(options, bytes(model));
  }

  /// As the other, for a model of so many bytes.
  LoadOptions with(LoadOptions options, long bytes) {
    MemoryUse chosen = use.orElseGet(() -> MemoryUse.usual(bytes, ofMachine()));
    boolean kernels = chosen == MemoryUse.FAST && options.device() == Device.CPU;
    Acceleration.allow(kernels ? ofMachine() / ONE_IN : 0);
    return options.withMemory(chosen);
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

  private static long ofMachine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
