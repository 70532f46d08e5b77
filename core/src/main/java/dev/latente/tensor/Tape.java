package dev.latente.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// While open, this thread's operations through which a gradient flows may be done by kernels, as
/// [Acceleration] says: the tape keeps what their gradients need, past the scopes it was made in.
///
/// Open one around a step of training: the forward pass and [Parameters#backward]. Without a tape,
/// libtorch does what gradients flow through. Belongs to one thread; only one can be open there.
public final class Tape implements AutoCloseable {
  private static final ThreadLocal<@Nullable Tape> OPEN = new ThreadLocal<>();

  private final List<NativeGradient> gradients = new ArrayList<>();

  private @Nullable NativeGradient last;

  private Tape() {}

  /// Begins to keep.
  ///
  /// @throws IllegalStateException if this thread has an open one
  public static Tape open() {
    if (OPEN.get() != null) {
      throw new IllegalStateException("another tape is open on this thread");
    }
    Tape tape = new Tape();
    OPEN.set(tape);
    return tape;
  }

  /// The open one of this thread, if kernels may be used.
  static Optional<Tape> current() {
    return Acceleration.on() ? Optional.ofNullable(OPEN.get()) : Optional.empty();
  }

  /// Keeps `gradient`, and what it has saved, until this closes.
  void keep(NativeGradient gradient) {
    gradients.add(gradient);
  }

  /// Hears that `gradient` has given its derivatives: libtorch has copied those given before.
  void given(NativeGradient gradient) {
    if (last != null) {
      last.copied();
    }
    last = gradient;
  }

  @Override
  public void close() {
    OPEN.remove();
    gradients.forEach(NativeGradient::forget);
    gradients.forEach(NativeGradient::copied);
    gradients.clear();
  }
}
