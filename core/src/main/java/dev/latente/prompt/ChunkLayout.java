package dev.latente.prompt;

import java.util.function.Function;

/// How a chunk is laid out: start, words, end, padding.
///
/// @param length tokens of the prompt in a chunk: 75 for CLIP
/// @param start the number that begins a chunk
/// @param end the number that ends its words
/// @param pad the number that fills it up: `end` for CLIP-L, 0 for OpenCLIP
/// @param comma the number of a comma; -1 if there is none
/// @param backtrack how near to a full chunk's end a comma must be for what follows it to move on
///   into the next chunk rather than be torn apart; 0 for never
public record ChunkLayout(int length, int start, int end, int pad, int comma, int backtrack) {
  private static final int CLIP_LENGTH = 75;
  private static final int A1111_BACKTRACK = 20;

  /// Checks the lengths.
  public ChunkLayout {
    if (length < 1) {
      throw new IllegalArgumentException("a chunk's length must be positive: " + length);
    }
    if (backtrack < 0) {
      throw new IllegalArgumentException("back-track must not be negative: " + backtrack);
    }
  }

  /// CLIP's 75 tokens, and A1111's 20 after a comma.
  ///
  /// @param tokenize the tokenizer, which knows the comma's number
  public static ChunkLayout clip(int start, int end, int pad, Function<String, int[]> tokenize) {
    int[] comma = tokenize.apply(",");
    int id = comma.length == 1 ? comma[0] : -1;
    return new ChunkLayout(CLIP_LENGTH, start, end, pad, id, A1111_BACKTRACK);
  }
}
