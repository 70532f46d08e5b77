package dev.latente.pipeline;

import dev.latente.nn.TensorSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How much memory a model may take for speed, when it computes in f32 on a processor from a file
/// that has its weights in half precision or quantised. Pictures are the same to the bit, but for
/// [#LOW] with pictures of more than 362x362 pixels, which the autoencoder takes in tiles: colours
/// are then off by a few levels, evenly.
public enum MemoryUse {
  /// All matrices stay as narrow as in the file and are widened each time they are used; their part
  /// of the file leaves memory after each use. Pictures are decoded in small tiles, and large
  /// tensors leave no gaps in the C library's heaps, for the rest of the process.
  LOW,
  /// Matrices of large components stay so, and their part of the file leaves memory too; small
  /// components, whose memory is no matter, are widened once.
  BALANCED,
  /// As [#BALANCED], but the file stays in memory, or its weights do as kernels like them, and what
  /// tensors give back is kept for the next ones.
  FAST;

  /// What a picture and other programs need beside weights: 3 GB.
  private static final long BESIDE = 3_000_000_000L;

  /// A component of so many weights is large: 200 MB of f32.
  private static final long LARGE = 50_000_000;

  /// The choice called `name`, whatever the case.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static MemoryUse named(String name) {
    for (MemoryUse use : values()) {
      if (use.label().equals(name.toLowerCase(Locale.ROOT))) {
        return use;
      }
    }
    String known = Arrays.stream(values()).map(MemoryUse::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown memory use '%s'; known: %s".formatted(name, known));
  }

  /// The name users write.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What suits a machine: [#LOW] where [#BALANCED] would take most of its memory, [#FAST] where
  /// that is a smaller part of it.
  ///
  /// @param model size of the model's files in bytes
  /// @param machine memory of the machine in bytes
  public static MemoryUse usual(long model, long machine) {
    if (machine < 2 * model + BESIDE) {
      return LOW;
    }
    return machine < 3 * model + 2 * BESIDE ? BALANCED : FAST;
  }

  /// Whether the component in `source` keeps its matrices as they are stored.
  boolean keepsNarrow(TensorSource source) {
    return switch (this) {
      case LOW -> true;
      case BALANCED, FAST -> isLarge(source);
    };
  }

  /// Whether the component in `source` is one that computes for seconds.
  static boolean isLarge(TensorSource source) {
    return weights(source) >= LARGE;
  }

  /// Whether what lies in a file's own memory is left to the system after each use.
  boolean leaves() {
    return this != FAST;
  }

  private static long weights(TensorSource source) {
    return source.names().stream()
        .mapToLong(name -> Arrays.stream(source.shape(name)).reduce(1, (a, b) -> a * b))
        .sum();
  }
}
