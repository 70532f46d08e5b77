package dev.latente.kernel;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Independent pieces of work, spread over the processor's cores.
record Parallel(int threads) {
  /// Runs `body` for 0 to `items` - 1 and waits for all; on this thread alone if it may not have
  /// more.
  void run(int items, IntConsumer body) {
    IntStream all = IntStream.range(0, items);
    if (threads > 1 && items > 1) {
      all.parallel().forEach(body);
    } else {
      all.forEach(body);
    }
  }
}
