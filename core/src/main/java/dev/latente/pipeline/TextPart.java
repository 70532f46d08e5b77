package dev.latente.pipeline;

import dev.latente.prompt.ChunkLayout;
import dev.latente.prompt.Fragment;
import dev.latente.prompt.LearnedWord;
import dev.latente.prompt.PromptChunks;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.tokenizer.Encoding;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A text encoder and its tokenizer.
///
/// @param words what textual inversion added: the tokens of a word in lower case, numbers past the
///   vocabulary that the encoder knows
record TextPart(ClipTokenizer tokenizer, ClipTextEncoder encoder, Map<String, int[]> words) {
  /// How near to a full chunk's end a comma must be for the rest to move on: A1111's default.
  private static final int BACKTRACK = 20;

  TextPart {
    words = Map.copyOf(words);
  }

  /// One without added words.
  TextPart(ClipTokenizer tokenizer, ClipTextEncoder encoder) {
    this(tokenizer, encoder, Map.of());
  }

  /// The whole of `text` in one piece, cut where it is too long.
  Encoding plain(String text) {
    return words.isEmpty()
        ? tokenizer.encode(text)
        : tokenizer.frame(tokens(text, tokenizer::tokens, tokens -> tokens));
  }

  /// `fragments` in chunks, as many as it takes; a word's tokens are never torn apart.
  PromptChunks chunks(List<Fragment> fragments) {
    List<LearnedWord> learned =
        words.values().stream()
            .map(tokens -> new LearnedWord(new int[] {tokens[0]}, tokens))
            .toList();
    Function<String, int[]> tokenize =
        words.isEmpty()
            ? tokenizer::words
            : text -> tokens(text, tokenizer::words, tokens -> new int[] {tokens[0]});
    return PromptChunks.of(fragments, tokenize, layout(), learned);
  }

  /// @param inPlace what stands for an added word
  private int[] tokens(
      String text, Function<String, int[]> tokenize, Function<int[], int[]> inPlace) {
    return WordFinder.of(words.keySet()).split(text).stream()
        .map(piece ->
            piece.known()
                ? inPlace.apply(words.getOrDefault(piece.text(), new int[0]))
                : tokenize.apply(piece.text()))
        .flatMapToInt(IntStream::of)
        .toArray();
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
