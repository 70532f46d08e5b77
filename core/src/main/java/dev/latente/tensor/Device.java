package dev.latente.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Where tensors live and are computed with.
public enum Device {
  /// The processor.
  CPU,
  /// The first NVIDIA GPU; needs the CUDA natives.
  CUDA,
  /// An Apple GPU.
  MPS;

  /// The device called `name`, such as `cpu`, whatever the case.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or this machine lacks it
  public static Device named(String name) {
    for (Device device : values()) {
      if (device.label().equals(name.toLowerCase(Locale.ROOT))) {
        if (!device.isAvailable()) {
          throw new IllegalArgumentException(
              "device %s is not available: this machine or this build of libtorch has none"
                  .formatted(device.label()));
        }
        return device;
      }
    }
    String known = Arrays.stream(values()).map(Device::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown device '%s'; known: %s".formatted(name, known));
  }

  /// Whether this machine and this build of libtorch have it.
  public boolean isAvailable() {
    return this == CPU || Native.isAvailable(this); // the processor needs no libtorch to be there
  }

  /// The name users write: `cpu`, `cuda` or `mps`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
