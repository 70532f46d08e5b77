package dev.latente.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
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
  private final SpecialTokens special;
  private final Map<Integer, String> contents;
  private final Set<Integer> leftOut;

  private ClipTokenizer(Vocabulary vocabulary, SpecialTokens special) {
    this.special = special;
    this.bytePairs =
        BytePairs.of(
            vocabulary.ids(), vocabulary.merges(), special.unknown().id(), vocabulary.origin());
    this.addedTokens = new AddedTokens(special.all());
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

  /// `text` between start and end, padded or cut to [#length()].
  public Encoding encode(String text) {
    int[] tokens = tokens(text);
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
    IntStream.Builder tokens = IntStream.builder();
    addedTokens.split(
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
