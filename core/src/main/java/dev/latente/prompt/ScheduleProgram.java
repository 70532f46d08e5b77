package dev.latente.prompt;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// A prompt with schedules as a list of operations that writes its text for a given step.
///
/// Jumps go forwards only, so a run ends; there is no recursion, so brackets nest as deep as they
/// like.
///
/// @param steps of the pass it is for
record ScheduleProgram(List<Op> ops, int steps) {
  /// An operation; targets are positions in the list.
  sealed interface Op {
    /// Writes `text`.
    record Text(String text) implements Op {}

    /// Goes on at `target`.
    record Jump(int target) implements Op {}

    /// Goes on at `before` up to and including step `last`, then at `after`.
    record Switch(int last, int before, int after) implements Op {}

    /// Goes on at one of `targets`, each step at the next one.
    record Turn(List<Integer> targets) implements Op {}
  }

  /// The steps, counted from 1, after which the text may change, and the last.
  NavigableSet<Integer> ends() {
    NavigableSet<Integer> ends = new TreeSet<>();
    ends.add(steps);
    boolean turns = false;
    for (Op op : ops) {
      if (op instanceof Op.Switch change && change.last() >= 1) {
        ends.add(change.last());
      }
      turns |= op instanceof Op.Turn;
    }
    for (int step = 1; turns && step < steps; step++) {
      ends.add(step);
    }
    return ends;
  }

  /// The text of `step`, counted from 1.
  String text(int step) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < ops.size()) {
      at =
          switch (ops.get(at)) {
            case Op.Text piece -> {
              text.append(piece.text());
              yield at + 1;
            }
            case Op.Jump jump -> jump.target();
            case Op.Switch change -> step <= change.last() ? change.before() : change.after();
            case Op.Turn turn -> turn.targets().get((step - 1) % turn.targets().size());
          };
    }
    return text.toString();
  }
}
