package dev.latente.cli;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.util.Optional;

/// Where a model computes, and in what precision.
final class Placement {
  private Placement() {}

  /// The device of that name; `auto` takes CUDA if it is there, and else the processor.
  static Device device(String name) {
    if (!name.equals("auto")) {
      return Device.named(name);
    }
    return Device.CUDA.isAvailable() ? Device.CUDA : Device.CPU;
  }

  /// The precision asked for, or what is quick there.
  static Precision precision(Optional<Precision> asked, Device where) {
    return asked.orElse(
        switch (where) {
          case CPU -> Precision.F32;
          case CUDA, MPS -> Precision.F16;
        });
  }
}
