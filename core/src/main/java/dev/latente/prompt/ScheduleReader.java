package dev.latente.prompt;

import dev.latente.prompt.ScheduleProgram.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads schedules and alternations, in one pass over the text.
///
/// Every sign becomes an operation that writes it; when a bracket closes and what lies inside is a
/// schedule or an alternation, its signs are replaced by jumps. A bracket that closes none, or
/// holds what it may not, is text, and so are those around it. As in A1111's grammar, a `|` outside
/// an alternation or a backslash before nothing makes the whole prompt plain text.
final class ScheduleReader {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+");

  /// An open bracket and the separators directly inside it, by their operations.
  private record Frame(char bracket, int at, List<Integer> colons, List<Integer> bars) {}

  private final Pass pass;
  private final List<Op> ops = new ArrayList<>();
  private final List<Frame> open = new ArrayList<>();
  private final StringBuilder run = new StringBuilder();
  private int looseBars; // those that are in no finished alternation

  private ScheduleReader(Pass pass) {
    this.pass = pass;
  }

  /// Reads `text` for `pass`.
  static ScheduleProgram read(String text, Pass pass) {
    ScheduleReader reader = new ScheduleReader(pass);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("[]():|".indexOf(c) >= 0) {
        reader.sign(c);
        continue;
      }
      reader.run.append(c);
      if (c == '\\') {
        i++;
        if (i == text.length() || text.charAt(i) == '\n') {
          return plain(text, pass);
        }
        reader.run.append(text.charAt(i));
      }
    }
    reader.flush();
    return reader.looseBars > 0
        ? plain(text, pass)
        : new ScheduleProgram(List.copyOf(reader.ops), pass.steps());
  }

  private static ScheduleProgram plain(String text, Pass pass) {
    return new ScheduleProgram(List.of(new Op.Text(text)), pass.steps());
  }

  private void flush() {
    if (!run.isEmpty()) {
      ops.add(new Op.Text(run.toString()));
      run.setLength(0);
    }
  }

  private void sign(char c) {
    flush();
    int at = ops.size();
    ops.add(new Op.Text(String.valueOf(c)));
    switch (c) {
      case '(', '[' -> open.add(new Frame(c, at, new ArrayList<>(1), new ArrayList<>(1)));
      case ')' -> closeRound();
      case ']' -> closeSquare(at);
      case ':' -> {
        if (!open.isEmpty()) {
          open.getLast().colons().add(at);
        }
      }
      default -> {
        looseBars++;
        if (!open.isEmpty()) {
          open.getLast().bars().add(at);
        }
      }
    }
  }

  private void closeRound() {
    if (!open.isEmpty() && open.getLast().bracket() == '(' && open.getLast().colons().size() <= 1) {
      open.removeLast();
    } else {
      open.clear();
    }
  }

  private void closeSquare(int end) {
    if (open.isEmpty() || open.getLast().bracket() != '[') {
      open.clear();
      return;
    }
    Frame frame = open.removeLast();
    int colons = frame.colons().size();
    boolean bars = !frame.bars().isEmpty();
    if (colons == 0 && bars) {
      alternate(frame, end);
    } else if ((colons == 1 || colons == 2) && !bars && isNumber(frame.colons().getLast(), end)) {
      schedule(frame, end);
    } else if (colons > 0) {
      open.clear();
    }
  }

  /// Whether one number lies between the operations, perhaps in blanks.
  private boolean isNumber(int colon, int end) {
    return end - colon == 2
        && ops.get(colon + 1) instanceof Op.Text piece
        && NUMBER.matcher(piece.text().strip()).matches();
  }

  private void alternate(Frame frame, int end) {
    Op leave = new Op.Jump(end + 1);
    for (int bar : frame.bars()) {
      ops.set(bar, leave);
    }
    ops.set(end, leave);
    List<Integer> targets =
        Stream.concat(Stream.of(frame.at()), frame.bars().stream()).map(at -> at + 1).toList();
    ops.set(frame.at(), new Op.Turn(targets));
    looseBars -= frame.bars().size();
  }

  private void schedule(Frame frame, int end) {
    int number = frame.colons().getLast();
    String when = ((Op.Text) ops.get(number + 1)).text().strip();
    int first = frame.at() + 1;
    boolean replaces = frame.colons().size() == 2;
    for (int colon : frame.colons()) {
      ops.set(colon, new Op.Jump(end + 1));
    }
    int before = replaces ? first : end + 1;
    int after = replaces ? frame.colons().getFirst() + 1 : first;
    ops.set(frame.at(), new Op.Switch(pass.step(when), before, after));
  }
}
