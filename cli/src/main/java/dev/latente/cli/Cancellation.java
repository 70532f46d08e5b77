package dev.latente.cli;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

/// Whether the user has asked the command to stop. Thread-safe.
///
/// Ctrl-C and the `kill` command are only noted: the command looks here at each step, tidies up and
/// ends by itself, so that no half-written file stays.
final class Cancellation {
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean requested;

  /// Makes the end of the process wait for [#finished].
  void listenToSignals() {
    Thread hook =
        new Thread(
            () -> {
              request();
              try {
                end.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            },
            "latente-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Asks the command to stop.
  void request() {
    requested = true;
  }

  /// Goes on, unless the user wants to stop.
  ///
  /// @throws CancellationException if so
  void check() {
    if (requested) {
      throw new CancellationException("stopped");
    }
  }

  /// Says that the command has ended.
  void finished() {
    end.countDown();
  }
}
