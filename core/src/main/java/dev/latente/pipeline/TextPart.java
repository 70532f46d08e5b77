package dev.latente.pipeline;

import dev.latente.prompt.ChunkLayout;
import dev.latente.prompt.Fragment;
import dev.latente.prompt.PromptChunks;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.tokenizer.Encoding;
import java.util.List;

/// A text encoder and its tokenizer.
record TextPart(ClipTokenizer tokenizer, ClipTextEncoder encoder) {
  /// How near to a full chunk's end a comma must be for the rest to move on: A1111's default.
  private static final int BACKTRACK = 20;

  /// The whole of `text` in one piece, cut where it is too long.
  Encoding plain(String text) {
    return tokenizer.encode(text);
  }

  /// `fragments` in chunks, as many as it takes.
  PromptChunks chunks(List<Fragment> fragments) {
    return PromptChunks.of(fragments, tokenizer::words, layout());
  }

  private ChunkLayout layout() {
    int[] comma = tokenizer.words(",");
    return new ChunkLayout(
        tokenizer.length() - 2, // without start and end
        tokenizer.startToken(),
        tokenizer.endToken(),
        tokenizer.padToken(),
        comma.length == 1 ? comma[0] : -1,
        BACKTRACK);
  }
}
