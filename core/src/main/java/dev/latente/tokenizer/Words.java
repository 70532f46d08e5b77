package dev.latente.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// Prepares text for byte pairs: composes, collapses white space, lowers the case, cuts into words.
///
/// A word is what CLIP's pattern finds: an English contraction's end, letters, one digit, or other
/// signs: `'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+`.
final class Words {
  private static final List<String> CONTRACTIONS =
      List.of("'s", "'t", "'re", "'ve", "'m", "'ll", "'d");

  /// Alternatives that come before the pattern's others; a second cut divides them again.
  private static final List<String> MARKERS = List.of("<|startoftext|>", "<|endoftext|>");

  private Words() {}

  /// The text as the vocabulary knows it: composed, single spaces, lower case.
  static String normalize(String text) {
    return Unicode.lowerCase(Unicode.collapseSpaces(Unicode.compose(text)));
  }

  /// The words of normalised text, in order.
  static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      String marker = prefix(MARKERS, text, i);
      if (!marker.isEmpty()) {
        words.addAll(List.of("<|", marker.substring(2, marker.length() - 2), "|>"));
        i += marker.length();
      } else {
        int end = end(text, i);
        if (end > i) {
          words.add(text.substring(i, end));
        }
        i = Math.max(end, i + 1);
      }
    }
    return words;
  }

  /// Where the word that starts at `start` ends; `start` itself for a space.
  private static int end(String text, int start) {
    String contraction = prefix(CONTRACTIONS, text, start);
    if (!contraction.isEmpty()) {
      return start + contraction.length();
    }
    int codePoint = text.codePointAt(start);
    Unicode.Kind kind = Unicode.kind(codePoint);
    int end = start + Character.charCount(codePoint);
    return switch (kind) {
      case SPACE -> start;
      case NUMBER -> end;
      case LETTER, OTHER -> {
        while (end < text.length() && Unicode.kind(text.codePointAt(end)) == kind) {
          end += Character.charCount(text.codePointAt(end));
        }
        yield end;
      }
    };
  }

  /// The first of `options` that stands at `start`, or nothing.
  private static String prefix(List<String> options, String text, int start) {
    char first = text.charAt(start);
    if (first == '\'' || first == '<') {
      for (String option : options) {
        if (text.startsWith(option, start)) {
          return option;
        }
      }
    }
    return "";
  }
}
