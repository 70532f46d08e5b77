package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.TextToImage;
import dev.latente.scenes.judge.Combinations;
import dev.latente.scenes.judge.Evaluation;
import dev.latente.scenes.judge.EvaluationReport;
import dev.latente.scenes.judge.Judge;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `latente evaluate`: how well a model draws what prompts about the drawn world ask for.
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class EvaluateCommand implements Callable<Integer> {
  private final Session session;
  private final Words words;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "DIR")
  private Optional<String> model = Optional.empty();

  @Option(names = "--count", paramLabel = "N", defaultValue = "200")
  private int count;

  @Option(names = "--things", paramLabel = "N", defaultValue = "1")
  private int things;

  @Option(names = "--held-out")
  private boolean heldOut;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0")
  private long seed;

  @Option(names = "--steps", paramLabel = "N")
  private Optional<Integer> steps = Optional.empty();

  @Option(names = "--guidance", paramLabel = "X")
  private Optional<Double> guidance = Optional.empty();

  @Option(names = "--json")
  private boolean json;

  EvaluateCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    Combinations combinations = heldOut ? Combinations.HELD_OUT : Combinations.SHOWN;
    Evaluation evaluation = new Evaluation(count, things, combinations, seed);
    filled(ImageRequest.builder(""), seed); // complains before loading anything
    Path path = Models.find(model);
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.say(words.say("loading", path.getFileName()));
      try (Judge judge = Judge.load();
          TextToImage loaded = TextToImage.open(path, Device.CPU, Precision.F32)) {
        line.start();
        EvaluationReport report =
            evaluation.run(
                (prompt, number) -> picture(loaded, prompt, number),
                judge,
                (done, total) ->
                    line.show(words.say("scene", done, total), done, total, words.say("pictures")));
        line.clear();
        session.out().println(json ? report.json() : report.table());
      }
    }
    return ExitCode.OK;
  }

  private Picture picture(TextToImage loaded, String prompt, long number) {
    ImageRequest request = filled(loaded.request(prompt), number);
    return loaded.generate(request, _ -> session.cancellation().check()).getFirst().picture();
  }

  private ImageRequest filled(ImageRequest.Builder builder, long number) {
    steps.ifPresent(builder::steps);
    guidance.ifPresent(builder::guidance);
    return builder.seed(number).build();
  }
}
