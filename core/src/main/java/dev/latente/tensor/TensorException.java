package dev.latente.tensor;

/// A native operation failed; the message names it, the shapes it was given, and libtorch's reason.
public final class TensorException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
