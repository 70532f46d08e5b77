package dev.latente.cli;

import dev.latente.image.GenerationParameters;
import dev.latente.image.ImageFormatException;
import dev.latente.image.Picture;
import dev.latente.image.PictureInfo;
import dev.latente.image.PictureOrigin;
import dev.latente.image.Watermark;
import dev.latente.image.Watermark.Detection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `latente info`: what picture files say about how they were made.
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class InfoCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Session session;
  private final Words words;

  @Parameters(paramLabel = "PICTURE", arity = "1..*", descriptionKey = "pictures")
  private List<Path> pictures = List.of();

  @Option(names = "--json")
  private boolean json;

  InfoCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    for (Path file : pictures) {
      session.cancellation().check();
      PictureInfo info = PictureInfo.read(file);
      Optional<Detection> mark = mark(file);
      if (json) {
        session.out().println(JSON.writeValueAsString(line(file, info, mark)));
      } else {
        tell(file, info, mark);
      }
    }
    return ExitCode.OK;
  }

  /// Nothing if the pixels cannot be read, as those of WebP.
  private static Optional<Detection> mark(Path file) throws IOException {
    try {
      return Optional.of(Watermark.LATENTE.detect(Picture.read(file)));
    } catch (ImageFormatException _) {
      return Optional.empty();
    }
  }

  private void tell(Path file, PictureInfo info, Optional<Detection> mark) {
    PrintWriter out = session.out();
    out.println("%s  %s, %dx%d".formatted(file, info.format(), info.width(), info.height()));
    switch (info.origin()) {
      case PictureOrigin.Made(GenerationParameters made) -> {
        row(words.say("prompt"), made.prompt());
        if (!made.negativePrompt().isEmpty()) {
          row(words.say("negative"), made.negativePrompt());
        }
        made.values().forEach(this::row);
      }
      case PictureOrigin.Other(PictureOrigin.Program program, String description) -> {
        row(words.say("made-by"), program.label());
        row(words.say("description"), description);
      }
      case PictureOrigin.Unknown _ -> row(words.say("made-by"), words.say("not-said"));
    }
    row(words.say("watermark"), mark.map(this::said).orElseGet(() -> words.say("mark-not-read")));
  }

  private void row(String name, String value) {
    String indented = value.replace("\n", "\n" + " ".repeat(27));
    session.out().println("  %-24s %s".formatted(name, indented).stripTrailing());
  }

  private String said(Detection mark) {
    return words.say(mark.found() ? "mark-found" : "mark-missing", mark.score());
  }

  private static ObjectNode line(Path file, PictureInfo info, Optional<Detection> mark) {
    ObjectNode json = JSON.createObjectNode();
    json.put("file", file.toString())
        .put("format", info.format())
        .put("width", info.width())
        .put("height", info.height());
    mark.ifPresentOrElse(
        found -> VerifyCommand.put(json.putObject("watermark"), found),
        () -> json.putNull("watermark"));
    switch (info.origin()) {
      case PictureOrigin.Made(GenerationParameters made) -> {
        json.put("prompt", made.prompt()).put("negative_prompt", made.negativePrompt());
        ObjectNode values = json.putObject("parameters");
        made.values().forEach(values::put);
      }
      case PictureOrigin.Other(PictureOrigin.Program program, String description) ->
          json.put("program", program.label()).put("description", description);
      case PictureOrigin.Unknown _ -> {}
    }
    ObjectNode text = json.putObject("text");
    info.text().forEach(text::put);
    return json;
  }
}
