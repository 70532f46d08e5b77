package dev.latente.tokenizer;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What a tokenizer folder says beside its vocabulary.
///
/// @param start begins a prompt
/// @param end ends a prompt
/// @param pad fills a prompt up
/// @param unknown stands for what the vocabulary lacks
/// @param all tokens that are found in the text as a whole; those named above are among them
/// @param length of a padded prompt, with start and end
record SpecialTokens(
    AddedToken start,
    AddedToken end,
    AddedToken pad,
    AddedToken unknown,
    List<AddedToken> all,
    int length) {

  /// The length that CLIP was trained with.
  static final int CLIP_LENGTH = 77;

  static final String CLIP_START = "<|startoftext|>";
  static final String CLIP_END = "<|endoftext|>";

  /// CLIP's own, for a vocabulary that comes without a configuration.
  ///
  /// @param padding what fills a prompt up
  /// @throws ModelFormatException if the vocabulary lacks one of them
  static SpecialTokens clip(Vocabulary vocabulary, String padding) {
    AddedToken start = special(vocabulary, CLIP_START);
    AddedToken end = special(vocabulary, CLIP_END);
    AddedToken pad = special(vocabulary, padding);
    List<AddedToken> all = pad.equals(end) ? List.of(start, end) : List.of(start, end, pad);
    return new SpecialTokens(start, end, pad, end, all, CLIP_LENGTH);
  }

  private static AddedToken special(Vocabulary vocabulary, String content) {
    Integer id = vocabulary.ids().get(content);
    if (id == null) {
      throw new ModelFormatException(
          "%s: expected the special token '%s' in the vocabulary of %d tokens, found none"
              .formatted(vocabulary.origin(), content, vocabulary.ids().size()));
    }
    return new AddedToken(content, id, false, true);
  }

  /// Reads the configuration in `folder`, whose vocabulary is `vocabulary`.
  static SpecialTokens read(Path folder, Vocabulary vocabulary) throws IOException {
    return new SpecialTokensReader(folder, vocabulary).read();
  }
}
