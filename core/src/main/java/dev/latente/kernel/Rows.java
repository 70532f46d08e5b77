package dev.latente.kernel;

/// A matrix of weights in f32 that may be made a few rows at a time, from numbers kept narrower.
@FunctionalInterface
public interface Rows {
  /// The address of rows `from` to `from + count`, one after another, which hold until the next
  /// call.
  long at(int from, int count);
}
