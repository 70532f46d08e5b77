package dev.latente.cli;

import dev.latente.model.ModelFacts;
import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `latente models list`: the models on this machine.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class ModelsListCommand implements Callable<Integer> {
  private final Session session;
  private final Words words;

  @Option(names = "--json")
  private boolean json;

  ModelsListCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  private record Row(ModelShelf.Entry entry, String kind, long bytes) {}

  @Override
  public Integer call() throws IOException {
    ModelShelf shelf = ModelShelf.of(session);
    List<ModelShelf.Entry> entries = new ArrayList<>();
    for (String own : Models.OWN) {
      try {
        entries.add(new ModelShelf.Entry(own, Models.own(own)));
      } catch (ModelFormatException _) {
        // a program that was put together without it
      }
    }
    entries.addAll(shelf.entries());
    List<Row> rows = new ArrayList<>();
    for (ModelShelf.Entry entry : entries) {
      session.cancellation().check();
      rows.add(new Row(entry, kind(entry), ModelFacts.bytes(entry.path())));
    }
    if (json) {
      rows.forEach(row -> session.out().println(line(row)));
    } else {
      table(rows);
      session.out().println(words.say("shelf", shelf.folders().getFirst(), shelf.cache().folder()));
    }
    return ExitCode.OK;
  }

  private String kind(ModelShelf.Entry entry) throws IOException {
    try {
      return ModelFacts.of(entry.path()).kind();
    } catch (ModelFormatException _) {
      return words.say("unreadable");
    }
  }

  private void table(List<Row> rows) {
    int name = rows.stream().mapToInt(row -> row.entry().name().length()).max().orElse(0);
    int kind = rows.stream().mapToInt(row -> row.kind().length()).max().orElse(0);
    String format = "%-" + name + "s  %-" + kind + "s  %8s  %s";
    for (Row row : rows) {
      session
          .out()
          .println(
              format.formatted(
                  row.entry().name(),
                  row.kind(),
                  Sizes.bytes(row.bytes(), session.locale()),
                  row.entry().path()));
    }
  }

  private static String line(Row row) {
    return JsonMapper.shared()
        .writeValueAsString(
            JsonMapper.shared()
                .createObjectNode()
                .put("name", row.entry().name())
                .put("kind", row.kind())
                .put("bytes", row.bytes())
                .put("path", row.entry().path().toString()));
  }
}
