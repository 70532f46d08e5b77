package dev.latente.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads weights: `(x)` times 1.1, `[x]` through 1.1, `(x:1.3)` times 1.3.
///
/// Brackets nest, and round and square ones may cross; one left open acts to the end; one closed
/// without being opened is text. A backslash takes a bracket's or a backslash's meaning away, and
/// vanishes before anything else. The word `BREAK` takes its surrounding blanks with it. This is
/// A1111's `parse_prompt_attention`, but for two things: there a `BREAK` in brackets is a word of
/// negative weight, and a weight that is no number an error.
final class Attention {
  private static final double STRONGER = 1.1;
  private static final double WEAKER = 1 / 1.1;

  /// Brackets nested deeper weigh nothing, which bounds the work at any input.
  private static final int DEEPEST = 100;

  /// Past any sensible weight, so that no product overflows.
  private static final double HEAVIEST = 1e6;

  private static final Pattern BREAK = Pattern.compile("(?U)\\bBREAK\\b");
  private static final Pattern GIVEN =
      Pattern.compile(":\\s*+([+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++))\\s*+\\)");

  private final String source;
  private final Matcher given;
  private final List<String> texts = new ArrayList<>(); // "" stands for a BREAK
  private final double[] weights; // as many as texts
  private final List<Integer> round = new ArrayList<>();
  private final List<Integer> square = new ArrayList<>();

  private Attention(String source) {
    this.source = source;
    this.given = GIVEN.matcher(source);
    this.weights = new double[source.length()]; // each text has a character of its own
  }

  /// The fragments of `text`, neighbours of one weight joined; at least one.
  static List<Fragment> parse(String text) {
    Attention attention = new Attention(text);
    int at = 0;
    while (at < text.length()) {
      at = attention.read(at);
    }
    while (!attention.round.isEmpty()) {
      attention.close(attention.round, STRONGER);
    }
    while (!attention.square.isEmpty()) {
      attention.close(attention.square, WEAKER);
    }
    return attention.joined();
  }

  /// Reads what begins at `at`; returns where it ends.
  private int read(int at) {
    switch (source.charAt(at)) {
      case '\\' -> {
        return escape(at);
      }
      case '(' -> round.add(texts.size());
      case '[' -> square.add(texts.size());
      case ')' -> closeOrKeep(")", round, STRONGER);
      case ']' -> closeOrKeep("]", square, WEAKER);
      case ':' -> {
        return colon(at);
      }
      default -> {
        return plain(at);
      }
    }
    return at + 1;
  }

  private int escape(int at) {
    int next = at + 1;
    if (next < source.length() && "()[]\\".indexOf(source.charAt(next)) >= 0) {
      add(source.substring(next, next + 1));
      return next + 1;
    }
    return next;
  }

  private int colon(int at) {
    given.region(at, source.length());
    if (!given.lookingAt()) {
      add(":");
      return at + 1;
    }
    if (round.isEmpty()) {
      add(given.group());
    } else {
      close(round, Math.clamp(Double.parseDouble(given.group(1)), -HEAVIEST, HEAVIEST));
    }
    return given.end();
  }

  private int plain(int at) {
    int end = at + 1;
    while (end < source.length() && "\\()[]:".indexOf(source.charAt(end)) < 0) {
      end++;
    }
    String text = source.substring(at, end);
    Matcher pause = BREAK.matcher(text);
    int from = 0;
    while (pause.find()) {
      String before = text.substring(from, pause.start()).stripTrailing();
      add(from == 0 ? before : before.stripLeading());
      append("");
      from = pause.end();
    }
    add(from == 0 ? text : text.substring(from).stripLeading());
    return end;
  }

  private void add(String text) {
    if (!text.isEmpty()) {
      append(text);
    }
  }

  private void append(String text) {
    weights[texts.size()] = 1;
    texts.add(text);
  }

  private void closeOrKeep(String bracket, List<Integer> open, double weight) {
    if (open.isEmpty()) {
      add(bracket);
    } else {
      close(open, weight);
    }
  }

  /// Multiplies all since the innermost open bracket, one bracket after the other from the inside
  /// outwards, so that weights are A1111's to the last bit.
  private void close(List<Integer> open, double weight) {
    int from = open.removeLast();
    if (open.size() < DEEPEST) {
      for (int i = from; i < texts.size(); i++) {
        weights[i] = Math.clamp(weights[i] * weight, -HEAVIEST, HEAVIEST);
      }
    }
  }

  private List<Fragment> joined() {
    List<Fragment> fragments = new ArrayList<>();
    int at = 0;
    while (at < texts.size()) {
      if (texts.get(at).isEmpty()) {
        fragments.add(new Fragment.Break());
        at++;
        continue;
      }
      double weight = weights[at];
      StringBuilder words = new StringBuilder();
      while (at < texts.size() && !texts.get(at).isEmpty() && weights[at] == weight) {
        words.append(texts.get(at++));
      }
      fragments.add(new Fragment.Words(words.toString(), weight));
    }
    return fragments.isEmpty() ? List.of(new Fragment.Words("", 1)) : List.copyOf(fragments);
  }
}
