package dev.latente.cli;

import dev.latente.hub.Hub;
import dev.latente.hub.HubAddress;
import dev.latente.hub.HubSettings;
import dev.latente.hub.Transfer;
import dev.latente.model.PublishedFiles;
import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `latente models pull`: fetches a model from the hub.
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class ModelsPullCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  private final Session session;
  private final Words words;

  @Parameters(index = "0", paramLabel = "ORG/NAME[@REVISION][/FILE]", descriptionKey = "address")
  private String address = "";

  @Option(names = "--variant", paramLabel = "NAME")
  private Optional<String> variant = Optional.empty();

  @Option(names = "--include", paramLabel = "PATTERN")
  private List<String> include = new ArrayList<>();

  @Option(names = "--exclude", paramLabel = "PATTERN")
  private List<String> exclude = new ArrayList<>();

  @Option(names = "--offline")
  private boolean offline;

  ModelsPullCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    HubAddress wanted = HubAddress.parse(address);
    PublishedFiles usual = new PublishedFiles(variant);
    HubSettings settings = HubSettings.of(session.environment(), session.home());
    try (ProgressLine line = new ProgressLine(session, words);
        Hub hub =
            new Hub(
                offline ? settings.withoutNetwork() : settings, transfer -> show(line, transfer))) {
      line.say(words.say("asking", settings.endpoint().getHost(), wanted));
      line.start();
      Path folder = hub.pull(wanted, names -> chosen(wanted, names, usual));
      line.clear();
      Path result = wanted.file().map(folder::resolve).orElse(folder);
      session.out().println(words.say("pulled", wanted, result));
    }
    return ExitCode.OK;
  }

  private void show(ProgressLine line, Transfer transfer) {
    session.cancellation().check();
    if (!transfer.pause().isZero()) {
      line.say(words.say("waiting", transfer.file(), ProgressLine.clock(transfer.pause())));
    } else if (transfer.files() > 0) {
      String what =
          words.say(
              "transfer",
              transfer.number(),
              transfer.files(),
              transfer.file(),
              transfer.done() / MEGABYTE,
              transfer.total() / MEGABYTE);
      line.show(what, transfer.done(), transfer.total(), "MB", MEGABYTE);
    }
  }

  private List<String> chosen(HubAddress wanted, List<String> names, PublishedFiles usual) {
    if (wanted.file().isPresent()) {
      return List.of(wanted.file().get()); // the hub says so if it is not there
    }
    List<String> base = include.isEmpty() ? usual.of(wanted.toString(), names) : names;
    List<String> chosen =
        base.stream()
            .filter(name -> include.isEmpty() || matches(name, include))
            .filter(name -> !matches(name, exclude))
            .toList();
    if (chosen.isEmpty()) {
      throw new ModelFormatException(
          "%s: expected files that match the patterns, found none among %d"
              .formatted(wanted, names.size()));
    }
    return chosen;
  }

  /// Whether one of `patterns` fits; `*` stands for anything, slashes too, and `?` for one letter.
  private static boolean matches(String name, List<String> patterns) {
    return patterns.stream()
        .map(pattern -> pattern.endsWith("/") ? pattern + "*" : pattern)
        .map(pattern -> Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"))
        .anyMatch(name::matches);
  }
}
