package dev.latente.cli;

import dev.latente.hub.Hub;
import dev.latente.hub.HubException;
import dev.latente.hub.HubSettings;
import dev.latente.pipeline.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Finds CLIP's vocabulary for models that are single files: beside them, in the hub's cache, or on
/// the hub, from which it is fetched once.
///
/// @param tell told before something is fetched
record Tokenizers(Session session, HubSettings hub, Runnable tell) {
  private static final String REPOSITORY = "openai/clip-vit-large-patch14";
  private static final List<String> FILES = List.of("vocab.json", "merges.txt");

  /// Those of the session's user.
  static Tokenizers of(Session session, Runnable tell) throws IOException {
    return new Tokenizers(session, HubSettings.of(session.environment(), session.home()), tell);
  }

  /// The files in `given`; if that is empty, those that are found or fetched.
  TokenizerFiles files(Optional<Path> given) {
    return given
        .map(TokenizerFiles::of)
        .orElseGet(() -> TokenizerFiles.search(List.of(hub.cache()), this::fetched));
  }

  private Path fetched(Path model, String searched) throws IOException {
    if (!hub.offline()) {
      tell.run();
    }
    try (Hub client = new Hub(hub, _ -> session.cancellation().check())) {
      return client.fetch(REPOSITORY, "main", FILES);
    } catch (HubException e) {
      throw new IOException(
          ("%s: expected CLIP's vocabulary, which a single file lacks, in %s, found none, and it"
                  + " was not fetched (%s); put vocab.json and merges.txt of %s into a folder"
                  + " 'tokenizer' beside the model, or name their folder with --tokenizer")
              .formatted(model, searched, e.getMessage(), REPOSITORY),
          e);
    }
  }
}
