package dev.latente.hub;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/// Counts attempts that brought nothing, and waits between them. Not thread-safe.
final class Attempts {
  /// How long to wait between two looks at whether the user wants to stop.
  static final Duration SLICE = Duration.ofMillis(100);

  /// Told how long the wait is.
  @FunctionalInterface
  interface Meanwhile {
    void waiting(Duration left);
  }

  private final Patience patience;
  private int failures = 0;

  Attempts(Patience patience) {
    this.patience = patience;
  }

  /// Something came: the count begins anew.
  void succeeded() {
    failures = 0;
  }

  /// Waits for the next attempt.
  ///
  /// @throws HubException if there shall be none
  void failed(String what, Fault fault, Meanwhile meanwhile) throws HubException {
    failures++;
    Duration asked = fault.retryAfter();
    if (asked.compareTo(patience.longestWait()) > 0) {
      throw new HubException(
          "%s: %s, and asks to wait %d s; try again later"
              .formatted(what, fault.getMessage(), asked.toSeconds()),
          fault);
    }
    if (failures >= patience.tries()) {
      throw new HubException(
          "%s: gave up after %d attempts: %s".formatted(what, failures, fault.getMessage()), fault);
    }
    Duration own = patience.wait(failures);
    pause(asked.compareTo(own) > 0 ? asked : own, meanwhile);
  }

  private static void pause(Duration wait, Meanwhile meanwhile) {
    long end = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0; left = end - System.nanoTime()) {
      meanwhile.waiting(Duration.ofNanos(left));
      sleep(Math.min(left, SLICE.toNanos()));
    }
  }

  static void sleep(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw stopped(e);
    }
  }

  static CancellationException stopped(InterruptedException e) {
    Thread.currentThread().interrupt();
    CancellationException stopped = new CancellationException("stopped");
    stopped.initCause(e);
    return stopped;
  }

  /// What `thrown` means, in a few words; Java leaves out many messages.
  static String reason(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof UnknownHostException || e instanceof UnresolvedAddressException) {
        return "the host's name is not known (is there a network?)";
      }
      if (e instanceof HttpConnectTimeoutException
          || e instanceof ConnectException && e.getMessage() == null) {
        return "no connection";
      }
    }
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
  }
}
