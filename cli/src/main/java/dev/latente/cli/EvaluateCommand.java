package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.ReferenceOptions;
import dev.latente.pipeline.SamplingOptions;
import dev.latente.pipeline.TextToImage;
import dev.latente.scenes.judge.Combinations;
import dev.latente.scenes.judge.Evaluation;
import dev.latente.scenes.judge.EvaluationReport;
import dev.latente.scenes.judge.GuidedEvaluation;
import dev.latente.scenes.judge.Judge;
import dev.latente.scenes.judge.PictureSource;
import dev.latente.scenes.judge.Question;
import dev.latente.scenes.judge.Reconstructions;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `latente evaluate`: how well a model draws what prompts about the drawn world ask for.
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class EvaluateCommand implements Callable<Integer> {
  private static final int RECONSTRUCTED = 64;

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

  @Mixin private ShortcutsMixin shortcuts = new ShortcutsMixin();

  @Option(names = "--pairs", paramLabel = "N")
  private Optional<Integer> pairs = Optional.empty();

  @Option(names = "--autoencoder-only")
  private boolean autoencoderOnly;

  @Option(names = "--guided", paramLabel = "depth|mask|reference")
  private Optional<String> guided = Optional.empty();

  @Option(names = "--reference-colours", paramLabel = "X")
  private Optional<Double> colours = Optional.empty();

  @Option(names = "--device", paramLabel = "D")
  private String device = "auto";

  @Option(names = "--precision", paramLabel = "P")
  private Optional<Precision> precision = Optional.empty();

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
    Optional<Evaluation> ofPairs = pairs(combinations);
    Optional<GuidedRun.Kind> kind = guided.map(GuidedRun.Kind::named);
    filled(ImageRequest.builder(""), seed); // complains before loading anything
    Path path = Models.find(model, session);
    Device where = Placement.device(device);
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.say(words.say("loading", path.getFileName()));
      if (kind.isPresent()) {
        return follow(kind.get(), path, where, line);
      }
      try (Judge judge = Judge.load();
          TextToImage loaded =
              TextToImage.open(path, where, Placement.precision(precision, where))) {
        line.start();
        EvaluationReport report = run(evaluation, loaded, judge, line);
        if (ofPairs.isPresent()) {
          report = report.withPairs(run(ofPairs.get(), loaded, judge, line));
        }
        report =
            report.with(
                Reconstructions.of(loaded::reconstruct, RECONSTRUCTED, seed, judge.pictureSize()));
        line.clear();
        session.out().println(json ? report.json() : report.table());
      }
    }
    return ExitCode.OK;
  }

  /// Measures how pictures follow what guides them.
  private int follow(GuidedRun.Kind kind, Path path, Device where, ProgressLine line)
      throws IOException {
    try (TextToImage loaded =
        TextToImage.open(path, where, Placement.precision(precision, where))) {
      line.start();
      GuidedRun run =
          new GuidedRun(
              session,
              loaded,
              path,
              where,
              new GuidedEvaluation(count, seed),
              colours.isPresent(),
              this::chosen);
      List<GuidedEvaluation.Measure> measures =
          run.run(
              kind,
              (done, total) ->
                  line.show(words.say("scene", done, total), done, total, words.say("pictures")));
      line.clear();
      measures.forEach(session.out()::println);
      return ExitCode.OK;
    }
  }

  /// The pictures of two things that tell how colours are bound; none if all are of two.
  private Optional<Evaluation> pairs(Combinations combinations) {
    int wanted = pairs.orElse(Math.max(2, count / 4));
    return things == 2 || wanted == 0
        ? Optional.empty()
        : Optional.of(new Evaluation(wanted, 2, combinations, seed));
  }

  private EvaluationReport run(
      Evaluation evaluation, TextToImage loaded, Judge judge, ProgressLine line)
      throws IOException {
    PictureSource source =
        autoencoderOnly
            ? question -> {
              session.cancellation().check();
              return loaded.reconstruct(question.rendered(judge.pictureSize()));
            }
            : question -> picture(loaded, question);
    return evaluation.run(
        source,
        judge,
        (done, total) ->
            line.show(words.say("scene", done, total), done, total, words.say("pictures")));
  }

  private Picture picture(TextToImage loaded, Question question) {
    ImageRequest request = filled(loaded.request(question.caption().text()), question.seed());
    return loaded.generate(request, _ -> session.cancellation().check()).getFirst().picture();
  }

  private ImageRequest filled(ImageRequest.Builder builder, long number) {
    return chosen(builder).seed(number).build();
  }

  private ImageRequest.Builder chosen(ImageRequest.Builder builder) {
    steps.ifPresent(builder::steps);
    guidance.ifPresent(builder::guidance);
    builder.sampling(SamplingOptions.usual().withShortcuts(shortcuts.shortcuts()));
    colours.ifPresent(share -> builder.reference(ReferenceOptions.usual().withColours(share)));
    return builder;
  }
}
