package dev.latente.tensor;

import java.util.Arrays;
import java.util.Locale;

/// Whose random numbers a seed stands for.
public enum NoiseSource {
  /// PyTorch's on the processor: diffusers' examples, ComfyUI, A1111's "CPU".
  CPU,

  /// PyTorch's on an NVIDIA GPU: A1111's "GPU" and "NV".
  CUDA;

  /// The source that people call `name`: `cpu`; `cuda`, `gpu`, `nv` or `philox`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static NoiseSource named(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "cpu", "torch" -> CPU;
      case "cuda", "gpu", "nv", "philox" -> CUDA;
      default ->
          throw new IllegalArgumentException(
              "noise must be one of %s: %s"
                  .formatted(Arrays.toString(values()).toLowerCase(Locale.ROOT), name));
    };
  }

  /// The stream of `seed`.
  public NoiseStream seeded(long seed) {
    return switch (this) {
      case CPU -> RandomNoise.seeded(seed);
      case CUDA -> PhiloxNoise.seeded(seed);
    };
  }
}
