package dev.latente.prompt;

/// As much of a prompt as a text encoder takes at once.
///
/// @param tokens start, words, end, padding
/// @param weights of each token; 1 for those that are no words
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record PromptChunk(int[] tokens, float[] weights) {
  /// Checks the lengths and keeps copies.
  public PromptChunk {
    if (tokens.length != weights.length) {
      throw new IllegalArgumentException(
          "a chunk needs a weight for each of its %d tokens: %d"
              .formatted(tokens.length, weights.length));
    }
    tokens = tokens.clone();
    weights = weights.clone();
  }

  /// A copy of the tokens.
  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  /// A copy of the weights.
  @Override
  public float[] weights() {
    return weights.clone();
  }

  /// Whether a word weighs more or less than 1.
  public boolean weighted() {
    for (float weight : weights) {
      if (weight != 1) {
        return true;
      }
    }
    return false;
  }
}
