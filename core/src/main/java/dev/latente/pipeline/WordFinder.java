package dev.latente.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds words in texts, whatever their case: whole ones, and of two at one place the longer.
///
/// @param words in lower case, the longest first
record WordFinder(List<String> words) {
  /// Text, or a word that was looked for.
  ///
  /// @param known whether it is such a word, then in lower case
  record Piece(String text, boolean known) {}

  static WordFinder of(Collection<String> words) {
    return new WordFinder(
        words.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList());
  }

  /// `text` in pieces; empty ones are left out.
  List<Piece> split(String text) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); ) {
      String word = wordAt(text, at);
      if (word.isEmpty()) {
        at++;
        continue;
      }
      if (at > from) {
        pieces.add(new Piece(text.substring(from, at), false));
      }
      pieces.add(new Piece(word, true));
      at += word.length();
      from = at;
    }
    if (from < text.length()) {
      pieces.add(new Piece(text.substring(from), false));
    }
    return pieces;
  }

  private String wordAt(String text, int at) {
    for (String word : words) {
      int end = at + word.length();
      if (text.regionMatches(true, at, word, 0, word.length())
          && !(at > 0 && glued(text.charAt(at - 1), word.charAt(0)))
          && !(end < text.length() && glued(word.charAt(word.length() - 1), text.charAt(end)))) {
        return word.toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static boolean glued(char left, char right) {
    return Character.isLetterOrDigit(left) && Character.isLetterOrDigit(right);
  }
}
