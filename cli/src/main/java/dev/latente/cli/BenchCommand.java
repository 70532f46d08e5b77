package dev.latente.cli;

import dev.latente.model.RandomModel;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.LoadOptions;
import dev.latente.pipeline.TextToImage;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.PeakRate;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `latente bench`: how fast this machine draws, and in how much memory.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class BenchCommand implements Callable<Integer> {
  private static final String PROMPT = "a red boat on a calm lake at sunset";
  private static final double PEAK_SECONDS = 0.5;

  private final Session session;
  private final Words words;

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE|DIR")
  private Optional<String> model = Optional.empty();

  @Option(names = "--random", paramLabel = "sd15|sd21|sdxl")
  private Optional<RandomModel> random = Optional.empty();

  @Option(names = "--size", paramLabel = "WxH")
  private Optional<PictureSize> size = Optional.empty();

  @Option(names = "--steps", paramLabel = "N", defaultValue = "4")
  private int steps;

  @Option(names = "--guidance", paramLabel = "X")
  private Optional<Double> guidance = Optional.empty();

  @Option(names = "--count", paramLabel = "N", defaultValue = "1")
  private int count;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "1")
  private int batch;

  @Option(names = "--threads", paramLabel = "N")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--device", paramLabel = "D")
  private String device = "auto";

  @Option(names = "--precision", paramLabel = "P")
  private Optional<Precision> precision = Optional.empty();

  @Mixin private MemoryMixin memory = new MemoryMixin();

  @Option(names = "--tokenizer", paramLabel = "DIR")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(names = "--profile")
  private boolean profile;

  @Option(names = "--json")
  private boolean json;

  BenchCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    if (model.isPresent() && random.isPresent()) {
      throw new ParameterException(
          command.commandLine(), "--model and --random exclude each other: one model is measured");
    }
    filled(ImageRequest.builder(PROMPT)); // complains before loading anything
    threads.ifPresent(Threads::use);
    Optional<Path> file = file();
    Device where = Placement.device(device);
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.say(words.say("loading", file.map(Path::toString).orElse(kind().label())));
      BenchRun run = new BenchRun(session, words, line);
      try (TextToImage loaded = run.open(() -> open(file, where, line))) {
        ImageRequest request = filled(loaded.request(PROMPT));
        run.draw(loaded, request);
        // after the pictures: before, it would delay what is made ready while a model is read
        line.say(words.say("bench-peak"));
        Bench bench = run.result(loaded, request, peak(where));
        line.clear();
        session.out().println(json ? BenchJson.line(bench) : table(bench));
        session.out().flush();
      }
    }
    return ExitCode.OK;
  }

  /// The most arithmetic that the machine was seen to do, 0 if it is not a processor's.
  private static double peak(Device where) {
    return where == Device.CPU ? PeakRate.measured(Threads.count(), PEAK_SECONDS) : 0;
  }

  private String table(Bench bench) {
    BenchTable table = new BenchTable(words);
    return profile ? table.stages(bench) + table.profile(bench) : table.stages(bench);
  }

  /// The model named; none if a random one is meant.
  private Optional<Path> file() throws IOException {
    return model.isPresent() ? Optional.of(Models.find(model, session)) : Optional.empty();
  }

  private RandomModel kind() {
    return random.orElse(RandomModel.SD15);
  }

  private TextToImage open(Optional<Path> file, Device where, ProgressLine line)
      throws IOException {
    Tokenizers tokenizers =
        Tokenizers.of(session, () -> line.say(words.say("fetching-vocabulary")));
    LoadOptions plain = LoadOptions.of(where, Placement.precision(precision, where));
    LoadOptions options =
        (file.isPresent() ? memory.with(plain, file.get()) : memory.with(plain, kind().bytes()))
            .withTokenizers(tokenizers.files(tokenizer))
            .withoutSafetyChecker();
    return file.isPresent()
        ? TextToImage.open(file.get(), options)
        : TextToImage.untrained(kind(), Precision.F16, Models.mini().resolve("tokenizer"), options);
  }

  /// One evaluation of the network a step, as Euler's method takes it.
  private ImageRequest filled(ImageRequest.Builder builder) {
    guidance.ifPresent(builder::guidance);
    size.ifPresent(wanted -> builder.size(wanted.width(), wanted.height()));
    return builder
        .steps(steps)
        .count(Math.max(count, batch))
        .batch(batch)
        .seed(0)
        .sampler(Optional.of(SamplerKind.EULER))
        .build();
  }
}
