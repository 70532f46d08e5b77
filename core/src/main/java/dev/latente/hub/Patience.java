package dev.latente.hub;

import java.time.Duration;

/// How long to try for what does not come.
///
/// @param tries attempts that bring nothing before giving up
/// @param firstWait before the second attempt; each further one waits twice as long
/// @param longestWait between two attempts; a server that asks for more is given up
/// @param silence how long a connection may bring nothing
public record Patience(int tries, Duration firstWait, Duration longestWait, Duration silence) {
  /// Five attempts within half a minute; a server may ask for five minutes.
  public static final Patience USUAL =
      new Patience(5, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(30));

  public Patience {
    if (tries < 1) {
      throw new IllegalArgumentException("tries must be 1 or more: " + tries);
    }
  }

  /// How long to wait after `failures` attempts that brought nothing.
  Duration wait(int failures) {
    Duration wait = firstWait.multipliedBy(1L << Math.min(failures - 1, 16));
    return wait.compareTo(longestWait) > 0 ? longestWait : wait;
  }
}
