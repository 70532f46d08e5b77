package dev.latente.tensor;

import dev.latente.kernel.WeightMatrix;
import dev.latente.kernel.WeightStrips;
import dev.latente.kernel.WeightTurn;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/// A weight as [WeightStrips], while it is used again and again. Thread-safe.
final class NativeStrips {
  /// Them, and where they are.
  private record Laid(WeightMatrix strips, NativePages memory) {}

  private final Runnable copied;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(); // of products over release
  private volatile boolean often;
  private volatile boolean met;
  private volatile Optional<Laid> laid = Optional.empty();

  /// @param copied is called when they are there, so that the weight itself may leave memory
  NativeStrips(Runnable copied) {
    this.copied = copied;
  }

  Runnable copied() {
    return copied;
  }

  /// Says whether it is used again and again from now on; if not, they are freed.
  void often(boolean now) {
    often = now;
    met = false;
    if (!now) {
      release();
    }
  }

  /// Has `product` use them, or `rows`, the weight itself, where they are not worth it: not before
  /// the second use, so that the first does not wait for them.
  ///
  /// @param count how many rows
  /// @param turn how to lay them out
  void with(WeightMatrix rows, int count, WeightTurn turn, Consumer<WeightMatrix> product) {
    if (often && laid.isEmpty()) {
      if (met && WeightStrips.suit(rows, count)) {
        lay(rows, count, turn);
      }
      met = true;
    }
    lock.readLock().lock();
    try {
      product.accept(laid.map(Laid::strips).orElse(rows));
    } finally {
      lock.readLock().unlock();
    }
  }

  private void lay(WeightMatrix rows, int count, WeightTurn turn) {
    lock.writeLock().lock();
    try {
      if (often && laid.isEmpty()) {
        long bytes = (long) count * rows.length() * rows.format().bytes();
        laid = NativePages.of(bytes).map(memory -> lay(rows, count, turn, memory));
        if (laid.isPresent()) {
          copied.run();
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static Laid lay(WeightMatrix rows, int count, WeightTurn turn, NativePages memory) {
    WeightMatrix strips = WeightStrips.lay(rows, count, memory.address(), turn, Native.threads());
    return new Laid(strips, memory);
  }

  /// Frees them, when no product uses them.
  void release() {
    lock.writeLock().lock();
    try {
      laid.ifPresent(it -> it.memory().release());
      laid = Optional.empty();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
