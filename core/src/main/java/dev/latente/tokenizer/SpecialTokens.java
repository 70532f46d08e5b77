package dev.latente.tokenizer;

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

  /// Reads the configuration in `folder`, whose vocabulary is `vocabulary`.
  static SpecialTokens read(Path folder, Vocabulary vocabulary) throws IOException {
    return new SpecialTokensReader(folder, vocabulary).read();
  }
}
