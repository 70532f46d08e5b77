package dev.latente.hub;

import java.io.IOException;
import java.time.Duration;

/// A failure that may pass: a broken connection, a busy server.
final class Fault extends IOException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  Fault(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = Duration.ZERO;
  }

  Fault(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /// How long the server asks to wait; zero if it does not ask.
  Duration retryAfter() {
    return retryAfter;
  }
}
