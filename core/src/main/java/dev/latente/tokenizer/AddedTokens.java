package dev.latente.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// Finds the tokens that stand in a text as a whole; of several at one place the longest.
final class AddedTokens {
  private final List<Pattern> raw;
  private final List<Pattern> normalized;

  /// What to look for, and the token it is.
  private record Pattern(String text, int id) {}

  /// Takes a found token, or the text between two.
  interface Listener {
    /// A token was found.
    void onToken(int id);

    /// Normalised text without any such token.
    void onText(String text);
  }

  AddedTokens(List<AddedToken> tokens) {
    List<Pattern> raw = new ArrayList<>();
    List<Pattern> normalized = new ArrayList<>();
    for (AddedToken token : tokens) {
      if (token.normalized()) {
        normalized.add(new Pattern(Words.normalize(token.content()), token.id()));
      } else {
        raw.add(new Pattern(token.content(), token.id()));
      }
    }
    Comparator<Pattern> longestFirst = Comparator.comparingInt(p -> -p.text().length());
    this.raw = raw.stream().sorted(longestFirst).toList();
    this.normalized = normalized.stream().sorted(longestFirst).toList();
  }

  /// Tells `listener` the tokens of `text` and what is between them, in order.
  void split(String text, Listener listener) {
    split(
        text,
        raw,
        listener,
        between -> split(Words.normalize(between), normalized, listener, listener::onText));
  }

  private static void split(
      String text, List<Pattern> patterns, Listener listener, Consumer<String> between) {
    int start = 0;
    for (int i = 0; i < text.length(); ) {
      Pattern found = find(text, i, patterns);
      if (found.text().isEmpty()) {
        i++;
        continue;
      }
      if (i > start) {
        between.accept(text.substring(start, i));
      }
      listener.onToken(found.id());
      i += found.text().length();
      start = i;
    }
    if (start < text.length()) {
      between.accept(text.substring(start));
    }
  }

  private static final Pattern NONE = new Pattern("", -1);

  private static Pattern find(String text, int start, List<Pattern> patterns) {
    for (Pattern pattern : patterns) {
      if (text.startsWith(pattern.text(), start)) {
        return pattern;
      }
    }
    return NONE;
  }
}
