package dev.latente.scenes.caption;

import java.util.random.RandomGenerator;

/// Chooses among wordings.
interface Choice {
  /// A number in 0..n-1.
  int below(int n);

  /// Always the first wording.
  static Choice first() {
    return n -> 0;
  }

  static Choice from(RandomGenerator random) {
    return random::nextInt;
  }

  default String of(String... wordings) {
    return wordings[below(wordings.length)];
  }
}
