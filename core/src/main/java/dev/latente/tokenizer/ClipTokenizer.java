package dev.latente.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// CLIP's tokenizer: text to the numbers its text encoder takes.
///
/// It gives what `CLIPTokenizer` of transformers 5 gives for the same folder, for all of Unicode.
/// Half a surrogate pair, which that one refuses, counts as U+FFFD. A special token's own text in a
/// prompt, such as `<|endoftext|>` (or `!` where that pads), is that token. Immutable and
/// thread-safe.
public final class ClipTokenizer {
  private final BytePairs bytePairs;
  private final AddedTokens addedTokens;
  private final AddedTokens meant; // but not what only pads
  private final SpecialTokens special;
  private final Map<Integer, String> contents;
  private final Set<Integer> leftOut;

  private ClipTokenizer(Vocabulary vocabulary, SpecialTokens special) {
    this.special = special;
    this.bytePairs =
        BytePairs.of(
            vocabulary.ids(), vocabulary.merges(), special.unknown().id(), vocabulary.origin());
    this.addedTokens = new AddedTokens(special.all());
    Set<Integer> marks = new HashSet<>(List.of(special.start().id(), special.end().id()));
    this.meant =
        new AddedTokens(
            special.all().stream()
                .filter(token -> marks.contains(token.id()) || token.id() != special.pad().id())
                .toList());
    this.contents = HashMap.newHashMap(vocabulary.ids().size());
    this.leftOut = new HashSet<>();
    vocabulary.ids().forEach((content, id) -> contents.put(id, content));
    for (AddedToken token : special.all()) {
      contents.put(token.id(), token.content());
      if (token.special()) {
        leftOut.add(token.id());
      }
    }
  }

  /// Reads the tokenizer in `folder`: `tokenizer.json`, or `vocab.json` and `merges.txt`; and,
  /// where there, `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json`.
  ///
  /// @throws dev.latente.nn.ModelFormatException if a file is missing or broken
  public static ClipTokenizer load(Path folder) throws IOException {
    Vocabulary vocabulary = Vocabulary.read(folder);
    return new ClipTokenizer(vocabulary, SpecialTokens.read(folder, vocabulary));
  }

  /// CLIP's tokenizer from its vocabulary alone, for models that come without files of a tokenizer.
  ///
  /// @param folder with `tokenizer.json`, or `vocab.json` and `merges.txt`; nothing else in it
  ///   counts
  /// @param padding what fills a prompt up
  /// @throws dev.latente.nn.ModelFormatException if a file is missing or broken
  public static ClipTokenizer ofVocabulary(Path folder, Padding padding) throws IOException {
    Vocabulary vocabulary = Vocabulary.read(folder);
    String content =
        switch (padding) {
          case END -> SpecialTokens.CLIP_END;
          case ZERO -> "!";
        };
    return new ClipTokenizer(vocabulary, SpecialTokens.clip(vocabulary, content));
  }

  /// What fills a prompt up.
  public enum Padding {
    /// The end token: OpenAI's CLIP, of SD 1 and SDXL's first encoder.
    END,
    /// The token `!`, number 0: OpenCLIP, of SD 2 and SDXL's second encoder.
    ZERO
  }

  /// `text` between start and end, padded or cut to [#length()].
  public Encoding encode(String text) {
    return frame(tokens(text));
  }

  /// `tokens` between start and end, padded or cut to [#length()].
  public Encoding frame(int... tokens) {
    int kept = Math.min(tokens.length, special.length() - 2);
    int[] ids = new int[special.length()];
    ids[0] = special.start().id();
    System.arraycopy(tokens, 0, ids, 1, kept);
    ids[kept + 1] = special.end().id();
    for (int i = kept + 2; i < ids.length; i++) {
      ids[i] = special.pad().id();
    }
    return new Encoding(ids, tokens.length, tokens.length - kept);
  }

  /// All tokens of `text`, without start, end, padding or cutting.
  public int[] tokens(String text) {
    return tokens(text, addedTokens);
  }

  /// As [#tokens], but a sign that only pads, such as `!`, is a sign like any other, as it is to
  /// A1111.
  public int[] words(String text) {
    return tokens(text, meant);
  }

  private int[] tokens(String text, AddedTokens added) {
    IntStream.Builder tokens = IntStream.builder();
    added.split(
        Unicode.wellFormed(text),
        new AddedTokens.Listener() {
          @Override
          public void onToken(int id) {
            tokens.add(id);
          }

          @Override
          public void onText(String text) {
            for (String word : Words.split(text)) {
              for (int token : bytePairs.encode(word)) {
                tokens.add(token);
              }
            }
          }
        });
    return tokens.build().toArray();
  }

  /// The text that `ids` stand for, in lower case, without special tokens.
  ///
  /// @throws IllegalArgumentException if the vocabulary has no such number
  public String decode(int... ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      String content = contents.get(id);
      if (content == null) {
        throw new IllegalArgumentException(
            "token must be one of the vocabulary's %d: %d".formatted(contents.size(), id));
      }
      if (!leftOut.contains(id)) {
        ByteUnits.decode(content, bytes);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(BytePairs.END_OF_WORD, " ").strip();
  }

  /// How many numbers an [Encoding] has: 77 for CLIP.
  public int length() {
    return special.length();
  }

  /// How many tokens there are, the special ones among them.
  public int size() {
    return contents.size();
  }

  /// The number that begins a prompt.
  public int startToken() {
    return special.start().id();
  }

  /// The number that ends a prompt.
  public int endToken() {
    return special.end().id();
  }

  /// The number that fills a prompt up.
  public int padToken() {
    return special.pad().id();
  }
}
