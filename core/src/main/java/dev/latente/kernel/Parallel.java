package dev.latente.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Independent pieces of work, spread over the processor's cores.
record Parallel(int threads) {
  /// Runs `body` for 0 to `items` - 1 and waits for all; on this thread alone if it may not have
  /// more.
  ///
  /// Each thread takes the next piece when it is done with one, so that none waits for longer than
  /// a piece takes.
  void run(int items, IntConsumer body) {
    int workers = Math.min(threads, items);
    if (workers <= 1) {
      IntStream.range(0, items).forEach(body);
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Runnable pieces =
        () -> {
          for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            body.accept(i);
          }
        };
    if (!Team.HERE.run(pieces, workers - 1)) {
      IntStream.range(0, workers).parallel().forEach(_ -> pieces.run());
    }
  }
}
