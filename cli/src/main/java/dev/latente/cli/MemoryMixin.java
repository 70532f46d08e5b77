package dev.latente.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.latente.pipeline.LoadOptions;
import dev.latente.pipeline.MemoryUse;
import dev.latente.tensor.Acceleration;
import dev.latente.tensor.Device;
import java.lang.management.ManagementFactory;
import picocli.CommandLine.Option;

/// How much memory may be taken for speed.
final class MemoryMixin {
  /// The share of the machine's memory that a second form of the weights may take.
  private static final int ONE_IN = 4;

  @Option(names = "--memory", paramLabel = "low|balanced|fast")
  private MemoryUse use = MemoryUse.BALANCED;

  /// `options` with what the user chose; allows the kernels if that is speed.
  LoadOptions with(LoadOptions options) {
    boolean kernels = use == MemoryUse.FAST && options.device() == Device.CPU;
    Acceleration.allow(kernels ? ofMachine() / ONE_IN : 0);
    return options.withMemory(use);
  }

  private static long ofMachine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
