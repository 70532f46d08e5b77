package dev.latente.image;

import java.io.Serial;

/// A file is not the picture it should be; the message names it, what was expected and what was
/// found.
public final class ImageFormatException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  /// A fault described in one line.
  public ImageFormatException(String message) {
    super(message);
  }

  /// A fault described in one line, and where it came from.
  public ImageFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
