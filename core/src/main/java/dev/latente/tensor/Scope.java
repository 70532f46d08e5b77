package dev.latente.tensor;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Frees every tensor made while it was open, except those moved out of it.
///
/// Scopes belong to one thread and close in the reverse order of opening. A request opens one
/// around itself, and [#tidy] one around each forward pass of a model. A tensor that must outlive
/// every scope, such as a weight, is [retained][Tensor#retain].
public final class Scope implements AutoCloseable {
  private final Native.Frame frame;

  private Scope() {
    this.frame = Native.Frame.open();
  }

  /// Opens a scope on this thread, inside any scope already open.
  public static Scope open() {
    return new Scope();
  }

  /// Runs `body`, then frees all it allocated but its result, which passes to the enclosing scope.
  ///
  /// @throws IllegalStateException if no scope encloses this call
  public static Tensor tidy(Supplier<Tensor> body) {
    Native.Frame enclosing = enclosing();
    try (Native.Frame _ = Native.Frame.open()) {
      Tensor result = body.get();
      enclosing.attach(result.handle());
      return result;
    }
  }

  /// As [#tidy], for bodies that give several tensors.
  public static Tensor[] tidyAll(Supplier<Tensor[]> body) {
    Native.Frame enclosing = enclosing();
    try (Native.Frame _ = Native.Frame.open()) {
      Tensor[] results = body.get();
      for (Tensor result : results) {
        enclosing.attach(result.handle());
      }
      return results;
    }
  }

  private static Native.Frame enclosing() {
    Native.@Nullable Frame enclosing = Native.Frame.innermost();
    if (enclosing == null) {
      throw new IllegalStateException("Scope.tidy needs an enclosing scope: call Scope.open first");
    }
    return enclosing;
  }

  @Override
  public void close() {
    frame.close();
  }
}
