package dev.latente.scenes.caption;

import java.util.random.RandomGenerator;

/// Which attributes a caption says. The things and a manner other than plain are always said.
record Mention(boolean size, boolean colour, boolean place, boolean ground, boolean time) {
  static final Mention ALL = new Mention(true, true, true, true, true);
  static final Mention UNPLACED = new Mention(false, true, false, true, true);
  static final Mention THINGS = new Mention(false, true, true, false, false);

  static Mention some(RandomGenerator random) {
    return new Mention(
        random.nextDouble() < 0.7,
        random.nextDouble() < 0.95,
        random.nextDouble() < 0.8,
        random.nextDouble() < 0.93,
        random.nextDouble() < 0.93);
  }
}
