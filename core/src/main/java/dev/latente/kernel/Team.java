package dev.latente.kernel;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Threads that help with one task after another.
///
/// To wake a thread takes 30 to 60 µs, as long as some of the tasks themselves, so that a helper
/// who has just been busy looks out for the next one for a while. Thread-safe.
final class Team {
  /// One for all.
  static final Team HERE = new Team(Runtime.getRuntime().availableProcessors() - 1);

  // How long a helper looks out for a task, and how long one who waits for helpers, in ns. What
  // libtorch's own threads do in between has to wait for the helpers' cores.
  private static final long IDLE = 30_000;
  private static final long ENDING = 300_000;

  private final Semaphore free = new Semaphore(1);
  private final List<Thread> helpers;
  private volatile @Nullable Task current;

  Team(int helpers) {
    this.helpers =
        IntStream.range(0, helpers)
            .mapToObj(index ->
                Thread.ofPlatform()
                    .daemon()
                    .name("latente-kernel-" + index)
                    .unstarted(() -> help(index)))
            .toList();
    this.helpers.forEach(Thread::start);
  }

  /// Runs `body` on this thread and on up to `more` others, and waits until all that began are
  /// done. Helpers who come too late do nothing.
  ///
  /// @return false if it was not run as the team is busy with another task
  boolean run(Runnable body, int more) {
    if (!free.tryAcquire()) {
      return false;
    }
    try {
      Task task = new Task(body, Math.min(more, helpers.size()), Thread.currentThread());
      current = task;
      for (int i = 0; i < task.helpers; i++) {
        LockSupport.unpark(helpers.get(i));
      }
      try {
        body.run();
      } finally {
        task.end();
      }
    } finally {
      free.release();
    }
    return true;
  }

  private void help(int index) {
    Task last = null;
    while (true) {
      Task done = last;
      await(() -> current != done, IDLE);
      Task task = current;
      last = task;
      if (task != null && index < task.helpers) {
        task.join();
      }
    }
  }

  /// Waits until `ready`, for the first `spin` ns without sleeping; later it must be unparked.
  private static void await(BooleanSupplier ready, long spin) {
    long began = System.nanoTime();
    while (!ready.getAsBoolean()) {
      if (System.nanoTime() - began < spin) {
        Thread.onSpinWait();
      } else {
        LockSupport.park();
      }
    }
  }

  private static final class Task {
    private static final int ENDED = 1 << 30;

    final int helpers;
    private final Runnable body;
    private final Thread owner;
    private final AtomicInteger busy = new AtomicInteger(); // helpers at work, and ENDED
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Task(Runnable body, int helpers, Thread owner) {
      this.body = body;
      this.helpers = helpers;
      this.owner = owner;
    }

    /// Helps, unless it has ended.
    void join() {
      if (busy.getAndUpdate(now -> now < ENDED ? now + 1 : now) >= ENDED) {
        return;
      }
      try {
        body.run();
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      } finally {
        if (busy.decrementAndGet() == ENDED) {
          LockSupport.unpark(owner);
        }
      }
    }

    /// Lets no more helpers in and waits for those that are.
    void end() {
      busy.addAndGet(ENDED);
      await(() -> busy.get() == ENDED, ENDING);
      Throwable e = failure.get();
      if (e != null) {
        throw new IllegalStateException("a kernel failed on another thread", e);
      }
    }
  }
}
