package dev.latente.training;

import java.util.SplittableRandom;

/// Random numbers that depend on a seed and a step alone, so that training resumes exactly.
public final class Seeds {
  private static final long GOLDEN =
      0x9E3779B97F4A7C15L; // 2^64 / golden ratio, spreads steps apart

  private Seeds() {}

  /// A seed for step `step` of purpose `salt`.
  public static long mix(long seed, long step, int salt) {
    return new SplittableRandom(seed + GOLDEN * (step + 1) + salt).nextLong();
  }

  /// A stream for step `step` of purpose `salt`.
  public static SplittableRandom random(long seed, long step, int salt) {
    return new SplittableRandom(mix(seed, step, salt));
  }

  /// Which of `count` samples a batch has: each epoch sees every sample once, in its own order.
  public static int[] batch(long seed, long step, int size, int count) {
    int[] chosen = new int[size];
    int[] order = {};
    long orderEpoch = -1;
    for (int i = 0; i < size; i++) {
      long position = step * size + i;
      long epoch = position / count;
      if (epoch != orderEpoch) {
        order = shuffled(mix(seed, epoch, -1), count);
        orderEpoch = epoch;
      }
      chosen[i] = order[(int) (position % count)];
    }
    return chosen;
  }

  private static int[] shuffled(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) { // Fisher-Yates, inside out
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
