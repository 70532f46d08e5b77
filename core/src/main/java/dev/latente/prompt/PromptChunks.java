package dev.latente.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A prompt of any length as chunks for a text encoder.
///
/// @param chunks at least one, all of one length
/// @param layout how they are laid out
public record PromptChunks(List<PromptChunk> chunks, ChunkLayout layout) {
  /// Checks that there is a chunk and keeps a copy.
  public PromptChunks {
    chunks = List.copyOf(chunks);
    if (chunks.isEmpty()) {
      throw new IllegalArgumentException("a prompt needs a chunk: none");
    }
  }

  /// The chunks of `fragments`, as A1111 cuts them.
  ///
  /// @param tokenize a text's tokens, without start and end
  public static PromptChunks of(
      List<Fragment> fragments, Function<String, int[]> tokenize, ChunkLayout layout) {
    return of(fragments, tokenize, layout, List.of());
  }

  /// The chunks of `fragments`, with `words` put in for their names.
  ///
  /// Of two names that fit, the longer counts. A word's tokens are never torn apart.
  ///
  /// @throws IllegalArgumentException if a word is longer than a chunk
  public static PromptChunks of(
      List<Fragment> fragments,
      Function<String, int[]> tokenize,
      ChunkLayout layout,
      List<LearnedWord> words) {
    Chunker chunker = new Chunker(layout, words);
    for (Fragment fragment : fragments) {
      switch (fragment) {
        case Fragment.Words text -> chunker.add(tokenize.apply(text.text()), (float) text.weight());
        case Fragment.Break _ -> chunker.next();
      }
    }
    return new PromptChunks(chunker.finish(), layout);
  }

  /// As many as `count`, the new ones empty, so that a prompt and its negative are of one length.
  ///
  /// @throws IllegalArgumentException if there are more
  public PromptChunks paddedTo(int count) {
    if (count < chunks.size()) {
      throw new IllegalArgumentException(
          "count must be at least that of the chunks, %d: %d".formatted(chunks.size(), count));
    }
    List<PromptChunk> padded = new ArrayList<>(chunks);
    while (padded.size() < count) {
      padded.addAll(new Chunker(layout, List.of()).finish());
    }
    return new PromptChunks(padded, layout);
  }

  /// Whether a word weighs more or less than 1.
  public boolean weighted() {
    return chunks.stream().anyMatch(PromptChunk::weighted);
  }
}
