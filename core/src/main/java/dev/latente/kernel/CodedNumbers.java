package dev.latente.kernel;

/// Numbers that have to be decoded, such as quantised ones. Thread-safe.
@FunctionalInterface
public interface CodedNumbers {
  /// Writes the numbers `first` to `first + count` as f32 to the address `to`.
  void read(long first, long count, long to);
}
