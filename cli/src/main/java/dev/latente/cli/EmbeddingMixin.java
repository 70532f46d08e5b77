package dev.latente.cli;

import dev.latente.pipeline.Embeddings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Which embeddings prompts may name.
///
/// Filled in by the command line; not thread-safe.
final class EmbeddingMixin {
  @Option(names = "--embedding", paramLabel = "FILE[=WORD]", descriptionKey = "embedding")
  private List<String> files = new ArrayList<>();

  @Option(names = "--embeddings", paramLabel = "DIR", descriptionKey = "embeddings")
  private List<Path> folders = new ArrayList<>();

  /// The embeddings asked for.
  Embeddings embeddings() throws IOException {
    Embeddings known = Embeddings.none();
    for (String file : files) {
      int equals = file.lastIndexOf('=');
      if (equals == 0) {
        throw new IllegalArgumentException("--embedding must be FILE or FILE=WORD: " + file);
      }
      known =
          equals < 0 || Files.exists(Path.of(file))
              ? known.with(Path.of(file))
              : known.with(file.substring(equals + 1), Path.of(file.substring(0, equals)));
    }
    for (Path folder : folders) {
      known = known.withFolder(folder);
    }
    return known;
  }
}
