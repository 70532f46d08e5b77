package dev.latente.cli;

import java.io.PrintWriter;
import java.time.Duration;

/// A line on the terminal that is written over and over; nothing where nobody watches. Not
/// thread-safe.
final class ProgressLine implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String START_OF_LINE = "\r";
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintWriter err;
  private final Words words;
  private final boolean watched;
  private long started = System.nanoTime();
  private long drawn;
  private boolean dirty;

  ProgressLine(Session session, Words words) {
    this.err = session.err();
    this.words = words;
    this.watched = session.terminal().getAsBoolean();
  }

  /// Shows `text` at once.
  void say(String text) {
    draw(text);
  }

  /// Takes now for the beginning of the work that [#show] tells of.
  void start() {
    started = System.nanoTime();
  }

  /// Shows how far the work is, with the rate so far and the time left.
  ///
  /// @param what is being done
  /// @param done how many parts of the work are done
  /// @param total how many there are
  /// @param unit what a part is called
  void show(String what, long done, long total, String unit) {
    show(what, done, total, unit, 1);
  }

  /// As the other, for parts that are too small to be counted one by one.
  ///
  /// @param size how many parts make one of `unit`
  void show(String what, long done, long total, String unit, double size) {
    long now = System.nanoTime();
    if (!watched || (now - drawn < REDRAW_NANOS && done < total && dirty)) {
      return;
    }
    drawn = now;
    double rate = done / ((now - started) / 1e9);
    if (rate > 0) {
      Duration left = Duration.ofMillis(Math.round((total - done) / rate * 1000));
      draw(words.say("progress", what, rate / size, unit, clock(left)));
    } else {
      draw(what);
    }
  }

  /// Minutes and seconds, and hours if there are any.
  static String clock(Duration time) {
    Duration rounded = time.plusMillis(999);
    return rounded.toHours() > 0
        ? "%d:%02d:%02d"
            .formatted(rounded.toHours(), rounded.toMinutesPart(), rounded.toSecondsPart())
        : "%d:%02d".formatted(rounded.toMinutesPart(), rounded.toSecondsPart());
  }

  private void draw(String text) {
    if (watched) {
      err.print(START_OF_LINE + text + CLEAR_TO_END);
      err.flush();
      dirty = true;
    }
  }

  /// Wipes the line, so that other text can be written.
  void clear() {
    if (dirty) {
      err.print(START_OF_LINE + CLEAR_TO_END);
      err.flush();
      dirty = false;
    }
  }

  @Override
  public void close() {
    clear();
  }
}
