package dev.latente.cli;

import dev.latente.model.ModelFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `latente models info`: what is in a model.
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class ModelsInfoCommand implements Callable<Integer> {
  /// A1111 tells models apart by the first ten digits.
  private static final int SHORT = 10;

  private static final int LONGEST_VALUE = 200;
  private static final double MEGABYTE = 1e6;

  private final Session session;
  private final Words words;

  @Parameters(index = "0", paramLabel = "NAME|FILE|DIR", descriptionKey = "model")
  private String model = "";

  @Option(names = "--json")
  private boolean json;

  ModelsInfoCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    Path path = Models.find(Optional.of(model), session);
    ModelFacts facts = ModelFacts.of(path);
    long bytes = ModelFacts.bytes(path);
    Optional<String> hash = hash(path, bytes);
    if (json) {
      session.out().println(line(facts, bytes, hash));
    } else {
      table(facts, bytes, hash);
    }
    return ExitCode.OK;
  }

  private Optional<String> hash(Path path, long bytes) throws IOException {
    if (Files.isDirectory(path)) {
      return Optional.empty(); // a folder has no content of its own
    }
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.start();
      return Optional.of(
          FileHashes.of(session)
              .of(
                  path,
                  done -> {
                    session.cancellation().check();
                    line.show(words.say("hashing"), done, bytes, "MB", MEGABYTE);
                  }));
    }
  }

  private void table(ModelFacts facts, long bytes, Optional<String> hash) throws IOException {
    row("kind", facts.kind());
    row("path", facts.path().toString());
    row("form", facts.form());
    row("size", Sizes.bytes(bytes, session.locale()));
    row("parameters", Sizes.count(facts.parameters(), session.locale()));
    for (ModelFacts.Component part : facts.components()) {
      session.out().println("  %-16s %s".formatted(part.name(), types(part)));
      for (Path file : part.files()) {
        Optional<String> known = FileHashes.of(session).known(file);
        session
            .out()
            .println(
                "  %-16s %s".formatted("", file.getFileName())
                    + known.map("  sha256 %s"::formatted).orElse(""));
      }
    }
    facts.prediction().ifPresent(value -> row("prediction", value));
    facts.licence().ifPresent(value -> row("licence", value));
    hash.ifPresent(value -> {
      row("sha256", value);
      row("short-hash", value.substring(0, SHORT));
    });
    facts
        .metadata()
        .forEach((key, value) -> session.out().println("  %s: %s".formatted(key, cut(value))));
  }

  private String types(ModelFacts.Component part) {
    return part.parameters().entrySet().stream()
        .map(entry -> Sizes.count(entry.getValue(), session.locale()) + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private void row(String key, String value) {
    session.out().println("%-18s %s".formatted(words.say("info-" + key), value));
  }

  private static String cut(String value) {
    String line = value.lines().map(String::strip).collect(Collectors.joining(" "));
    return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "…";
  }

  private String line(ModelFacts facts, long bytes, Optional<String> hash) throws IOException {
    ObjectNode node =
        JsonMapper.shared()
            .createObjectNode()
            .put("path", facts.path().toString())
            .put("kind", facts.kind())
            .put("form", facts.form())
            .put("whole", facts.whole())
            .put("bytes", bytes)
            .put("parameters", facts.parameters());
    ObjectNode parts = node.putObject("components");
    for (ModelFacts.Component part : facts.components()) {
      ObjectNode one = parts.putObject(part.name());
      part.parameters().forEach((type, count) -> one.put(type, count.longValue()));
      for (Map.Entry<String, String> file : hashes(part).entrySet()) {
        one.withObject("sha256").put(file.getKey(), file.getValue());
      }
    }
    facts.prediction().ifPresent(value -> node.put("prediction_type", value));
    facts.licence().ifPresent(value -> node.put("licence", value));
    hash.ifPresent(value -> node.put("sha256", value).put("short_hash", value.substring(0, SHORT)));
    ObjectNode metadata = node.putObject("metadata");
    facts.metadata().forEach(metadata::put);
    return JsonMapper.shared().writeValueAsString(node);
  }

  /// Those of the files of `part` that are known.
  private Map<String, String> hashes(ModelFacts.Component part) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (Path file : part.files()) {
      FileHashes.of(session)
          .known(file)
          .ifPresent(hash -> hashes.put(file.getFileName().toString(), hash));
    }
    return hashes;
  }
}
