package dev.latente.prompt;

import java.util.Arrays;

/// A word that a textual-inversion embedding gives a meaning.
///
/// @param name the tokens that its name is read as
/// @param tokens those that take their place, one for each vector of the embedding: numbers that
///   the vocabulary leaves free, which the text encoder's user knows
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record LearnedWord(int[] name, int[] tokens) {
  /// Checks that there are tokens and keeps copies.
  public LearnedWord {
    if (name.length == 0 || tokens.length == 0) {
      throw new IllegalArgumentException(
          "a learned word needs tokens and a name: %d tokens, a name of %d"
              .formatted(tokens.length, name.length));
    }
    name = name.clone();
    tokens = tokens.clone();
  }

  /// A copy of the name's tokens.
  @Override
  public int[] name() {
    return name.clone();
  }

  /// A copy of the tokens in its place.
  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  /// Whether the name stands at `position`.
  boolean isAt(int[] text, int position) {
    int end = position + name.length;
    return end <= text.length && Arrays.equals(text, position, end, name, 0, name.length);
  }
}
