package dev.latente.cli;

import dev.latente.hub.Hub;
import dev.latente.hub.HubException;
import dev.latente.hub.HubSettings;
import dev.latente.pipeline.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds CLIP's vocabulary for models that are single files: beside them, in the user's folders of
/// models, in the hub's cache, or on the hub, from which it is fetched once.
///
/// @param folders where users put models
/// @param tell told before something is fetched
record Tokenizers(Session session, HubSettings hub, List<Path> folders, Runnable tell) {
  private static final String REPOSITORY = "openai/clip-vit-large-patch14";
  private static final List<String> FILES = List.of("vocab.json", "merges.txt");

  /// Those of the session's user.
  static Tokenizers of(Session session, Runnable tell) throws IOException {
    HubSettings hub = HubSettings.of(session.environment(), session.home());
    return new Tokenizers(session, hub, ModelShelf.of(session).folders(), tell);
  }

  /// The files in `given`; if that is empty, those that are found or fetched.
  TokenizerFiles files(Optional<Path> given) {
    return given
        .map(TokenizerFiles::of)
        .orElseGet(() -> {
          List<Path> places = new ArrayList<>(folders);
          places.add(hub.cache());
          return TokenizerFiles.search(places, this::fetched);
        });
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
