package dev.latente.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Threads that share pieces of work.
@Timeout(60)
class TeamTest {
  private static void countDown(CountDownLatch all) {
    all.countDown();
    try {
      all.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // A latch that only opens when all of them work at once.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void helpersWorkAtOnce(int helpers) {
    Team team = new Team(helpers);
    for (int task = 0; task < 100; task++) {
      CountDownLatch all = new CountDownLatch(helpers + 1);
      assertThat(team.run(() -> countDown(all), helpers)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyPieceIsDoneOnce(int threads) {
    Parallel parallel = new Parallel(threads);
    for (int task = 0; task < 2000; task++) {
      AtomicIntegerArray done = new AtomicIntegerArray(task % 40);
      parallel.run(done.length(), done::incrementAndGet);
      for (int i = 0; i < done.length(); i++) {
        assertThat(done.get(i)).isOne();
      }
    }
  }

  @Test
  void noMoreHelpThanIsAskedFor() {
    Team team = new Team(3);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    for (int task = 0; task < 200; task++) {
      team.run(
          () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            now.decrementAndGet();
          },
          1);
    }
    assertThat(most).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void aTaskInsideATaskIsRefused() {
    Team team = new Team(1);
    assertThat(team.run(() -> assertThat(team.run(() -> {}, 1)).isFalse(), 0)).isTrue();
    assertThat(team.run(() -> {}, 1)).isTrue();
  }

  @Test
  void piecesInsidePiecesAreDone() {
    AtomicInteger done = new AtomicInteger();
    new Parallel(2).run(4, _ -> new Parallel(2).run(5, _ -> done.incrementAndGet()));
    assertThat(done).hasValue(20);
  }

  @Test
  void whatFailsElsewhereFailsHere() {
    Team team = new Team(1);
    CountDownLatch both = new CountDownLatch(2);
    Thread owner = Thread.currentThread();
    Runnable task =
        () -> {
          countDown(both);
          if (Thread.currentThread() != owner) {
            throw new IllegalArgumentException("no good");
          }
        };
    assertThatThrownBy(() -> team.run(task, 1)).hasRootCauseMessage("no good");
    assertThat(team.run(() -> {}, 1)).isTrue();
  }
}
