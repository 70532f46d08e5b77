package dev.latente.nn;

import java.util.function.Consumer;

/// How tensors are borrowed from a file's own memory.
///
/// @param owner is given what must stay reachable as long as a borrowed tensor is used
/// @param leaving whether a tensor's memory is left to the system after each operation that used
///   it: it then takes some time and hardly any memory
/// @param packed whether a tensor may stay in a form that only a few operations understand, such as
///   quantised; these give the numbers that [TensorSource#read] gives
public record Lending(Consumer<Memory> owner, boolean leaving, boolean packed) {
  /// A part of a file's memory.
  @FunctionalInterface
  public interface Memory {
    /// Lets it be taken from the process, until it is used again.
    void leave();
  }

  /// The same, but of plain numbers.
  public Lending unpacked() {
    return new Lending(owner, leaving, false);
  }
}
