package dev.latente.cli;

import dev.latente.image.GenerationParameters;
import dev.latente.image.Png;
import dev.latente.pipeline.AppliedLora;
import dev.latente.pipeline.GeneratedImage;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.Progress;
import dev.latente.pipeline.TextToImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// Draws the pictures of a request, writes each when it is finished, and tells of it.
///
/// @param preview where to show how far the drawing is
/// @param remarks what the pictures' text says beside what the library knows
/// @param json whether to tell other programs, not people
record GenerateRun(
    Session session,
    Words words,
    ProgressLine line,
    PictureFiles files,
    Optional<PreviewFile> preview,
    Map<String, String> remarks,
    boolean json) {

  private static final int SHOWN = 3; // names

  /// Draws and writes the pictures.
  ///
  /// @return the exit code
  int run(TextToImage model, ImageRequest request) throws IOException {
    AtomicBoolean flagged = new AtomicBoolean();
    List<String> unknown = request.prompts().syntax().parse(request.prompt()).unknownTags();
    if (!unknown.isEmpty()) {
      session.err().println(words.say("unknown-tags", String.join(" ", unknown)));
    }
    try {
      model.mergeLoras(request).forEach(this::tell);
      line.start();
      model.generate(
          request,
          this::show,
          image -> {
            save(image, model.loadSeconds());
            flagged.compareAndSet(false, image.flagged());
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return flagged.get() ? ExitCode.FLAGGED : ExitCode.OK;
  }

  private void tell(AppliedLora lora) {
    session
        .err()
        .println(
            words.say(
                "lora", lora.name(), lora.info().toString(), lora.unetLayers(), lora.textLayers()));
    int unmatched = lora.unmatched().size();
    if (unmatched > 0) {
      String shown = lora.unmatched().stream().limit(SHOWN).collect(Collectors.joining(", "));
      session
          .err()
          .println(
              words.say(
                  "lora-unmatched",
                  unmatched,
                  lora.name(),
                  unmatched > SHOWN ? shown + ", …" : shown));
    }
  }

  private void show(Progress progress) {
    session.cancellation().check();
    preview.ifPresent(file -> write(file, progress));
    long total = (long) progress.pictures() * progress.steps();
    line.show(what(progress), progress.taken(), total, words.say("steps"));
  }

  private String what(Progress progress) {
    int step = progress.step();
    int steps = progress.steps();
    if (progress.pictures() == 1) {
      return words.say("step", step, steps);
    }
    int first = progress.picture();
    int last = first + progress.together() - 1;
    return first == last
        ? words.say("picture-step", first, progress.pictures(), step, steps)
        : words.say("pictures-step", first, last, progress.pictures(), step, steps);
  }

  private static void write(PreviewFile file, Progress progress) {
    try {
      file.show(progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void save(GeneratedImage image, double loadSeconds) {
    session.cancellation().check();
    Path file = files.file(image.seed());
    try {
      Png.write(file, image.picture(), Map.of(Png.PARAMETERS, parameters(image).format()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.clear();
    tell(file, image, loadSeconds);
  }

  private void tell(Path file, GeneratedImage image, double loadSeconds) {
    if (image.flagged()) {
      session.err().println(words.say("flagged", Long.toString(image.seed())));
    }
    if (image.cutTokens() > 0) {
      session.err().println(words.say("cut", image.cutTokens()));
    }
    if (image.cutNegativeTokens() > 0) {
      session.err().println(words.say("cut-negative", image.cutNegativeTokens()));
    }
    session
        .out()
        .println(
            json
                ? Report.line(file, image, loadSeconds)
                : words.say("saved", file, Long.toString(image.seed()), image.seconds().total()));
    session.out().flush();
  }

  private GenerationParameters parameters(GeneratedImage image) {
    GenerationParameters made = image.parameters();
    Map<String, String> values = new LinkedHashMap<>(made.values());
    values.putAll(remarks);
    return new GenerationParameters(made.prompt(), made.negativePrompt(), values);
  }
}
