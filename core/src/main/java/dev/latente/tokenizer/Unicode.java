package dev.latente.tokenizer;

import java.text.Normalizer;
import java.util.BitSet;

/// Unicode as Hugging Face's tokenizers 0.23 sees it, which a trained model has seen.
///
/// Its letters and spaces are those of Unicode 16, its lower case that of Unicode 17, its
/// composition that of Unicode 9. What differs from Java 25's was found by comparing all code
/// points.
final class Unicode {
  /// What a code point is to the splitting of words.
  enum Kind {
    LETTER,
    NUMBER,
    SPACE,
    OTHER
  }

  /// First and last code points that compose or are put in order since Unicode 10 only.
  private static final int[] INERT = {
    0x7FD, 0x7FD, 0x897, 0x89F, 0x8CA, 0x8D3, 0x9FE, 0x9FE, 0xC3C, 0xC3C, 0xD3B, 0xD3C, 0xEBA,
    0xEBA, 0x1715, 0x1715, 0x1ABF, 0x1ACE, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C0, 0x105FF,
    0x10D24, 0x10D27, 0x10D69, 0x10D6D, 0x10EAB, 0x10EAC, 0x10EFD, 0x10EFF, 0x10F46, 0x10F50,
    0x10F82, 0x10F85, 0x11070, 0x11070, 0x1133B, 0x1133B, 0x11380, 0x113FF, 0x1145E, 0x1145E,
    0x11839, 0x1183A, 0x11900, 0x1195F, 0x119E0, 0x119E0, 0x11A34, 0x11A34, 0x11A47, 0x11A47,
    0x11A99, 0x11A99, 0x11D42, 0x11D45, 0x11D97, 0x11D97, 0x11F41, 0x11F42, 0x16100, 0x1613F,
    0x16D40, 0x16D7F, 0x16FF0, 0x16FF1, 0x1E08F, 0x1E08F, 0x1E130, 0x1E136, 0x1E2AE, 0x1E2AE,
    0x1E2EC, 0x1E2EF, 0x1E4EC, 0x1E4EF, 0x1E5EE, 0x1E5EF
  };

  private static final int MOST_MARKS = 1000;

  private static final BitSet NEVER_COMPOSES = new BitSet();

  static {
    for (int i = 0; i < INERT.length; i += 2) {
      NEVER_COMPOSES.set(INERT[i], INERT[i + 1] + 1);
    }
  }

  private Unicode() {}

  /// The kind of `codePoint`: `\p{L}`, `\p{N}`, `\s` or none of them.
  static Kind kind(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Kind.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Kind.NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          Kind.SPACE;
      default ->
          (codePoint >= '\t' && codePoint <= '\r') || codePoint == 0x85 ? Kind.SPACE : Kind.OTHER;
    };
  }

  /// The text with each half of a surrogate pair replaced by U+FFFD.
  static String wellFormed(String text) {
    StringBuilder result = null;
    for (int i = 0; i < text.length(); i++) {
      int codePoint = text.codePointAt(i);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        result = result == null ? new StringBuilder(text) : result;
        result.setCharAt(i, '\uFFFD');
      } else if (Character.isSupplementaryCodePoint(codePoint)) {
        i++;
      }
    }
    return result == null ? text : result.toString();
  }

  /// The text in composed form (NFC).
  ///
  /// Java takes quadratic time to put marks in order, so more than a thousand on one letter are put
  /// in order a thousand at a time.
  static String compose(String text) {
    StringBuilder result = new StringBuilder(text.length());
    int start = 0;
    int marks = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      marks = isMark(codePoint) ? marks + 1 : 0;
      if (NEVER_COMPOSES.get(codePoint)) {
        result.append(nfc(text.substring(start, i))).appendCodePoint(codePoint);
        start = next;
      } else if (marks == MOST_MARKS) {
        result.append(nfc(text.substring(start, next)));
        start = next;
        marks = 0;
      }
      i = next;
    }
    return result.append(nfc(text.substring(start))).toString();
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static String nfc(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /// Each run of white space as one space.
  static String collapseSpaces(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean after = false;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      boolean space = kind(codePoint) == Kind.SPACE;
      if (!space) {
        result.appendCodePoint(codePoint);
      } else if (!after) {
        result.append(' ');
      }
      after = space;
      i += Character.charCount(codePoint);
    }
    return result.toString();
  }

  /// Lower case of each code point by itself, so that a final sigma is like any other.
  static String lowerCase(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (codePoint == 0x130) {
        result.append("i\u0307");
      } else if (codePoint == 0xA7CE || codePoint == 0xA7D2 || codePoint == 0xA7D4) {
        result.appendCodePoint(codePoint + 1);
      } else if (codePoint >= 0x16EA0 && codePoint <= 0x16EB8) { // Beria Erfe, Unicode 17
        result.appendCodePoint(codePoint + 0x1B);
      } else {
        result.appendCodePoint(Character.toLowerCase(codePoint));
      }
      i += Character.charCount(codePoint);
    }
    return result.toString();
  }
}
