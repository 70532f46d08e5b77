package dev.latente.nn;

import java.io.Serial;

/// A model's file or folder is not what it should be; the message names it, what was expected and
/// found.
public final class ModelFormatException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  /// A fault described in one line.
  public ModelFormatException(String message) {
    super(message);
  }

  /// A fault described in one line, and where it came from.
  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
