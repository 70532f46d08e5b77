package dev.latente.cli;

import dev.latente.model.Conversion;
import dev.latente.model.Conversion.Layout;
import dev.latente.model.ModelFacts;
import dev.latente.model.Quantisation;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `latente models convert`: writes a model in another form.
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class ModelsConvertCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  private final Session session;
  private final Words words;

  @Parameters(index = "0", paramLabel = "IN", descriptionKey = "in")
  private String in = "";

  @Parameters(index = "1", paramLabel = "OUT", descriptionKey = "out")
  private Path out = Path.of("");

  @Option(names = "--to", paramLabel = "FORM")
  private Optional<Layout> to = Optional.empty();

  @Option(names = "--precision", paramLabel = "P")
  private Optional<Precision> precision = Optional.empty();

  @Option(names = "--quantize", paramLabel = "TYPE")
  private Optional<Quantisation> quantize = Optional.empty();

  @Option(names = "--tokenizer", paramLabel = "DIR")
  private Optional<Path> tokenizer = Optional.empty();

  ModelsConvertCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  /// The form called `name`, whatever the case.
  static Layout layout(String name) {
    return Arrays.stream(Layout.values())
        .filter(layout -> layout.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown form '%s'; known: %s"
                    .formatted(
                        name,
                        Arrays.stream(Layout.values())
                            .map(layout -> layout.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")))));
  }

  @Override
  public Integer call() throws IOException {
    Layout form = to.orElseGet(this::byEnding);
    Path from = Models.find(Optional.of(in), session);
    try (ProgressLine line = new ProgressLine(session, words)) {
      boolean whole = Files.isDirectory(from);
      Conversion conversion =
          new Conversion(
              from,
              out,
              form,
              precision,
              quantize,
              form == Layout.FOLDER && !whole
                  ? Optional.of(vocabulary(from, line))
                  : Optional.empty());
      line.start();
      conversion.run((done, total) -> {
        session.cancellation().check();
        line.show(words.say("converting", out), done, total, "MB", MEGABYTE);
      });
      line.clear();
      if (whole && form != Layout.FOLDER && Conversion.hasOwnVocabulary(from)) {
        session.err().println(words.say("own-vocabulary", from.resolve("tokenizer")));
      }
    }
    String size = Sizes.bytes(ModelFacts.bytes(out), session.locale());
    session.out().println(words.say("converted", out, size));
    return ExitCode.OK;
  }

  private Layout byEnding() {
    String name = out.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      return Layout.SAFETENSORS;
    }
    return name.endsWith(".gguf") ? Layout.GGUF : Layout.FOLDER;
  }

  private Path vocabulary(Path from, ProgressLine line) throws IOException {
    return Tokenizers.of(session, () -> line.say(words.say("fetching-vocabulary")))
        .files(tokenizer)
        .folder(from);
  }
}
