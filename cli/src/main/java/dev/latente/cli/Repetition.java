package dev.latente.cli;

import dev.latente.nn.ModelFormatException;
import dev.latente.pipeline.Embeddings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Runs `latente generate --like PICTURE`: as the command line that the picture's text stands for,
/// in which what was given by hand has its place.
record Repetition(Session session, Words words, CommandSpec command) {
  private static final String LIKE = "--like";

  /// How much of a hash is told.
  static final int SHORT = 10; // digits of a hash that A1111's web UI tells

  /// Draws a picture like the one in `file`.
  ///
  /// @param known the embeddings that prompts may name
  /// @return the exit code
  int run(Path file, Embeddings known) throws IOException {
    LikeArguments like = LikeArguments.of(file);
    ParseResult given = command.commandLine().getParseResult();
    if (!given.hasMatchedPositional(0)) {
      require(like, known);
    }
    List<String> left = like.left(given::hasMatchedOption);
    if (!left.isEmpty()) {
      session.err().println(words.say("not-repeated", String.join(", ", left)));
    }
    List<String> all = new ArrayList<>();
    all.add(command.name());
    all.addAll(like.options(given::hasMatchedOption));
    if (!given.hasMatchedOption("--model")) {
      model(like).ifPresent(path -> all.add("--model=" + path));
    }
    all.addAll(others(command.root().commandLine().getParseResult().originalArgs()));
    if (!given.hasMatchedPositional(0)) {
      all.add("--");
      all.add(like.made().prompt());
    }
    return Latente.commandLine(session).execute(all.toArray(String[]::new));
  }

  /// Checks that the embeddings that the picture's prompts name are known, and notes those that are
  /// not the same.
  private void require(LikeArguments like, Embeddings known) throws IOException {
    for (Map.Entry<String, String> named : like.embeddings().entrySet()) {
      String word = named.getKey();
      Path file =
          Optional.ofNullable(known.files().get(word.toLowerCase(Locale.ROOT)))
              .orElseThrow(() ->
                  new ModelFormatException(
                      "%s: drawn with the embedding '%s' (hash %s), which was not found; give it with --embedding or --embeddings"
                          .formatted(like.file(), word, named.getValue())));
      if (!FileHashes.compute(file, _ -> {}).startsWith(named.getValue())) {
        session.err().println(words.say("other-embedding", word, file, named.getValue()));
      }
    }
  }

  /// What was given by hand, without the command's name and the picture.
  private List<String> others(List<String> original) {
    List<String> others = new ArrayList<>();
    for (int i = original.indexOf(command.name()) + 1; i < original.size(); i++) {
      if (original.get(i).equals(LIKE)) {
        i++; // the picture follows
      } else if (!original.get(i).startsWith(LIKE + "=")) {
        others.add(original.get(i));
      }
    }
    return others;
  }

  /// Where the model is that drew the picture: by its name, or by its hash if that is known.
  private Optional<Path> model(LikeArguments like) throws IOException {
    Optional<String> name = like.model();
    Optional<String> hash = like.made().value("Model hash");
    if (name.isEmpty() && hash.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> byHash = hash.isPresent() ? byHash(hash.get()) : Optional.empty();
    if (byHash.isPresent()) {
      return byHash;
    }
    try {
      return Optional.of(Models.find(Optional.of(name.orElse("")), session));
    } catch (ModelFormatException e) {
      throw new ModelFormatException(
          "%s: drawn with the model '%s'%s, which was not found; name one with --model"
              .formatted(
                  like.file(),
                  name.orElse("?"),
                  hash.map(digits -> " (hash " + digits + ")").orElse("")),
          e);
    }
  }

  private Optional<Path> byHash(String hash) throws IOException {
    FileHashes hashes = FileHashes.of(session);
    for (ModelShelf.Entry entry : ModelShelf.of(session).entries()) {
      if (Files.isRegularFile(entry.path())
          && hash.length() >= SHORT
          && hashes.known(entry.path()).filter(whole -> whole.startsWith(hash)).isPresent()) {
        return Optional.of(entry.path());
      }
    }
    return Optional.empty();
  }
}
