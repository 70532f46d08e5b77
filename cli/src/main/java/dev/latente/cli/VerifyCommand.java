package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.image.Watermark;
import dev.latente.image.Watermark.Detection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `latente verify`: whether pictures carry Latente's mark.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class VerifyCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Session session;
  private final Words words;

  @Parameters(paramLabel = "PICTURE", arity = "1..*", descriptionKey = "pictures")
  private List<Path> pictures = List.of();

  @Option(names = "--json")
  private boolean json;

  VerifyCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  /// 0 if all pictures carry the mark, else 1.
  @Override
  public Integer call() throws IOException {
    int found = 0;
    for (Path file : pictures) {
      session.cancellation().check();
      Detection mark = Watermark.LATENTE.detect(Picture.read(file));
      found += mark.found() ? 1 : 0;
      session.out().println(json ? line(file, mark) : said(file, mark));
    }
    if (!json && pictures.size() > 1) {
      session.out().println(words.say("marked", found, pictures.size()));
    }
    return found == pictures.size() ? ExitCode.OK : ExitCode.FAILED;
  }

  private String said(Path file, Detection mark) {
    return "%s  %s"
        .formatted(file, words.say(mark.found() ? "mark-found" : "mark-missing", mark.score()));
  }

  private static String line(Path file, Detection mark) {
    ObjectNode json = JSON.createObjectNode().put("file", file.toString());
    put(json, mark);
    return JSON.writeValueAsString(json);
  }

  /// Tells other programs of a look for the mark.
  static void put(ObjectNode json, Detection mark) {
    json.put("found", mark.found())
        .put("score", Math.round(mark.score() * 100) / 100.0)
        .put("threshold", Watermark.THRESHOLD);
  }
}
