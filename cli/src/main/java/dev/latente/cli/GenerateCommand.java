package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.pipeline.HiresOptions;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.LoadOptions;
import dev.latente.pipeline.TextToImage;
import dev.latente.pipeline.VaeOptions;
import dev.latente.sampling.SamplerChoice;
import dev.latente.sampling.Schedule;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `latente generate`: text to pictures.
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class GenerateCommand implements Callable<Integer> {
  private final Session session;
  private final Words words;

  @Spec private CommandSpec command = CommandSpec.create();

  @Parameters(index = "0", arity = "0..1", paramLabel = "PROMPT", descriptionKey = "prompt")
  private Optional<String> prompt = Optional.empty();

  @Option(names = "--like", paramLabel = "PICTURE")
  private Optional<Path> like = Optional.empty();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE|DIR")
  private Optional<String> model = Optional.empty();

  @Option(
      names = {"-n", "--negative"},
      paramLabel = "TEXT")
  private Optional<String> negative = Optional.empty();

  @Option(names = "--steps", paramLabel = "N")
  private Optional<Integer> steps = Optional.empty();

  @Option(names = "--sampler", paramLabel = "NAME")
  private Optional<SamplerChoice> sampler = Optional.empty();

  @Option(names = "--schedule", paramLabel = "NAME")
  private Optional<String> schedule = Optional.empty();

  @Option(names = "--guidance", paramLabel = "X")
  private Optional<Double> guidance = Optional.empty();

  @Option(names = "--size", paramLabel = "WxH")
  private Optional<PictureSize> size = Optional.empty();

  @Option(names = "--seed", paramLabel = "N")
  private Optional<Long> seed = Optional.empty();

  @Option(names = "--count", paramLabel = "N")
  private Optional<Integer> count = Optional.empty();

  @Option(names = "--batch", paramLabel = "N")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE.png|DIR")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--device", paramLabel = "D")
  private String device = "auto";

  @Option(names = "--precision", paramLabel = "P")
  private Optional<Precision> precision = Optional.empty();

  @Mixin private MemoryMixin memory = new MemoryMixin();

  @Mixin private PromptMixin prompts = new PromptMixin();

  @Option(names = "--tokenizer", paramLabel = "DIR")
  private Optional<Path> tokenizer = Optional.empty();

  @Mixin private EmbeddingMixin embeddings = new EmbeddingMixin();

  @Mixin private LoraMixin loras = new LoraMixin();

  @Mixin private NoiseMixin noise = new NoiseMixin();

  @Mixin private SamplingMixin sampling = new SamplingMixin();

  @Mixin private FrameMixin frame = new FrameMixin();

  @Mixin private RefinerMixin refiner = new RefinerMixin();

  @Mixin private VaeMixin vae = new VaeMixin();

  @Mixin private ControlMixin control = new ControlMixin();

  @Mixin private StartMixin start = new StartMixin();

  @Mixin private HiresMixin hires = new HiresMixin();

  @Mixin private ReferenceMixin references = new ReferenceMixin();

  @Mixin private CareMixin care = new CareMixin();

  @Option(names = "--json")
  private boolean json;

  GenerateCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    return like.isPresent()
        ? new Repetition(session, words, command).run(like.get(), embeddings.embeddings())
        : draw(prompt.or(references::wordless).orElseThrow(this::noPrompt));
  }

  private ParameterException noPrompt() {
    return new ParameterException(command.commandLine(), "Missing required parameter: 'PROMPT'");
  }

  private int draw(String text) throws IOException {
    long first = seed.orElseGet(() -> ThreadLocalRandom.current().nextLong(NoiseMixin.SEEDS));
    Optional<StartMixin.Start> begin = start.start(words);
    ImageRequest checked = filled(ImageRequest.builder(text), first, begin); // before loading
    VaeOptions autoencoder = vae.options();
    Optional<PreviewFile> preview = vae.preview();
    control.check();
    ControlMixin.Pictures maps =
        control.pictures(begin.map(picture -> picture.picture().picture()));
    List<Picture> looks = references.pictures();
    Path path = Models.find(model, session);
    PictureFiles files = PictureFiles.of(output, checked.count());
    files.prepare();
    begin.map(StartMixin.Start::remarks).orElse(List.of()).forEach(session.err()::println);
    FirstFrames.say(
        session,
        words,
        Stream.of(start.files(), control.files(), references.files())
            .flatMap(Function.identity())
            .toList());
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.say(words.say("loading", path.getFileName()));
      Device where = Placement.device(device);
      LoadOptions options = care.with(loading(path, where, line)).withVae(autoencoder);
      try (TextToImage loaded = TextToImage.open(path, options);
          ControlMixin.Opened guides = control.open(session, loaded, maps, path, where);
          ReferenceMixin.Opened seen = references.open(loaded, looks)) {
        session.cancellation().check();
        ImageRequest request =
            guides.guide(filled(loaded.request(text), first, begin)).toBuilder()
                .references(seen.references())
                .hires(hires.options(loaded.defaults()::hires))
                .build();
        return new GenerateRun(session, words, line, files, preview, remarks(path, begin), json)
            .run(loaded, request);
      }
    }
  }

  /// What the pictures' text says beside what the library knows: the model's hash, if that is
  /// known.
  private Map<String, String> remarks(Path path, Optional<StartMixin.Start> begin)
      throws IOException {
    Map<String, String> remarks = new LinkedHashMap<>();
    if (begin.filter(StartMixin.Start::fromAlpha).isPresent()) {
      remarks.put("Mask", "alpha");
    }
    if (Files.isRegularFile(path)) {
      FileHashes.of(session)
          .known(path)
          .ifPresent(hash -> remarks.put("Model hash", hash.substring(0, Repetition.SHORT)));
    }
    remarks.put("Version", LikeArguments.OWN + " " + Version.number());
    return remarks;
  }

  /// The request that the options stand for.
  ImageRequest filled(ImageRequest.Builder builder, long first, Optional<StartMixin.Start> begin) {
    steps.ifPresent(builder::steps);
    guidance.ifPresent(builder::guidance);
    begin.ifPresent(picture -> picture.begin(builder));
    size.ifPresent(wanted -> builder.size(wanted.width(), wanted.height()));
    batch.ifPresent(together -> builder.batch(together).count(together));
    count.ifPresent(builder::count);
    return builder
        .negativePrompt(negative.orElse(""))
        .sampler(sampler.map(SamplerChoice::sampler))
        .schedule(schedule())
        .seed(first)
        .prompts(prompts.options())
        .noise(noise.options())
        .sampling(sampling.options())
        .micro(frame.told())
        .loras(loras.options())
        .refinerAt(refiner.at())
        .imageGuidance(control.imageGuidance())
        .watermark(care.watermark())
        .hires(hires.options(HiresOptions::of))
        .reference(references.options())
        .build();
  }

  /// The noise levels asked for, with the sampler's name or apart; "automatic" is the A1111 web
  /// UI's choice for the sampler, or the model's own if none was named.
  private Optional<Schedule> schedule() {
    if (schedule.isEmpty()) {
      return sampler.flatMap(SamplerChoice::schedule);
    }
    return schedule.get().equalsIgnoreCase("automatic")
        ? sampler.map(choice -> choice.sampler().automatic())
        : Optional.of(Schedule.named(schedule.get()));
  }

  private LoadOptions loading(Path path, Device where, ProgressLine line) throws IOException {
    Tokenizers tokenizers =
        Tokenizers.of(session, () -> line.say(words.say("fetching-vocabulary")));
    return refiner.with(
        memory
            .with(LoadOptions.of(where, Placement.precision(precision, where)), path)
            .withTokenizers(tokenizers.files(tokenizer))
            .withEmbeddings(embeddings.embeddings()),
        session);
  }
}
