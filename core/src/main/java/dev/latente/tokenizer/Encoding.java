package dev.latente.tokenizer;

/// A prompt as the text encoder takes it.
///
/// @param ids the start token, the prompt's tokens, the end token, and padding up to the length
/// @param tokens how many tokens the prompt has, without start and end
/// @param cut how many of these, at the end, did not fit and are left out
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record Encoding(int[] ids, int tokens, int cut) {
  /// Keeps a copy of `ids`.
  public Encoding {
    ids = ids.clone();
  }

  /// A copy of the numbers.
  @Override
  public int[] ids() {
    return ids.clone();
  }

  /// Whether the prompt's end is left out.
  public boolean truncated() {
    return cut > 0;
  }
}
