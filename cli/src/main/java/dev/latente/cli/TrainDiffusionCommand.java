package dev.latente.cli;

import dev.latente.training.DiffusionStart;
import dev.latente.training.DiffusionTraining;
import dev.latente.training.SmallModel;
import dev.latente.training.VaeStart;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `latente train diffusion`: a U-Net and its text encoder from a folder of captioned pictures.
@Command(
    name = "diffusion",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainDiffusionCommand implements Callable<Integer> {
  static final List<String> PROMPTS =
      List.of("a red boat on a calm lake at sunset", "una casa amarilla en un prado al mediodía");

  private static final List<String> SIZES =
      List.of("--size", "--channels", "--layers", "--text-width", "--text-layers", "--vocabulary");

  @ArgGroup(multiplicity = "1")
  private Space space = new Space();

  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--size", paramLabel = "N", defaultValue = "128", descriptionKey = "size")
  private int size;

  @Option(
      names = "--channels",
      paramLabel = "N",
      split = ",",
      defaultValue = "48,64,128",
      descriptionKey = "unetChannels")
  private List<Integer> channels = List.of();

  @Option(names = "--layers", paramLabel = "N", defaultValue = "1", descriptionKey = "layers")
  private int layers;

  @Option(
      names = "--text-width",
      paramLabel = "N",
      defaultValue = "128",
      descriptionKey = "textWidth")
  private int textWidth;

  @Option(
      names = "--text-layers",
      paramLabel = "N",
      defaultValue = "3",
      descriptionKey = "textLayers")
  private int textLayers;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "2048",
      descriptionKey = "vocabulary")
  private int vocabulary;

  @Option(names = "--drop-out", paramLabel = "X", defaultValue = "0.1", descriptionKey = "dropOut")
  private double dropOut;

  @Option(names = "--min-snr", paramLabel = "X", defaultValue = "0", descriptionKey = "minSnr")
  private double minSnr;

  @Mixin private FocusOptions focus = new FocusOptions();

  @Option(names = "--prompt", paramLabel = "TEXT", descriptionKey = "prompt")
  private List<String> prompts = PROMPTS;

  /// Latents or pixels: exactly one.
  static final class Space {
    @Option(names = "--vae", required = true, paramLabel = "DIR", descriptionKey = "vae")
    private @Nullable Path vae;

    @Option(names = "--pixels", required = true, descriptionKey = "pixels")
    private boolean pixels;
  }

  @Option(names = "--from", paramLabel = "DIR", descriptionKey = "fromModel")
  private Optional<Path> from = Optional.empty();

  @Option(names = "--freeze-text", descriptionKey = "freezeText")
  private boolean freezeText;

  @Override
  public Integer call() throws IOException {
    DiffusionTraining training = from.isPresent() ? further(from.get()) : fresh();
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.pictures(), options.out(), listener));
  }

  private DiffusionTraining further(Path model) throws IOException {
    for (String name : SIZES) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw new ParameterException(
            spec.commandLine(), "--from brings the sizes of its model: leave out " + name);
      }
    }
    DiffusionStart start =
        freezeText ? new DiffusionStart.UNetOnly(model) : new DiffusionStart.Whole(model);
    return DiffusionTraining.from(
        start,
        Optional.ofNullable(space.vae),
        options.plan(),
        dropOut,
        focus.with(minSnr),
        prompts);
  }

  private DiffusionTraining fresh() throws IOException {
    if (freezeText) {
      throw new ParameterException(
          spec.commandLine(), "--freeze-text needs --from: a text encoder that was trained");
    }
    SmallModel mini = SmallModel.MINI;
    SmallModel model =
        new SmallModel(
            size,
            mini.vaeChannels(),
            mini.latentChannels(),
            channels,
            layers,
            textWidth,
            textLayers,
            vocabulary);
    UNetConfig unet =
        space.vae == null
            ? model.pixelUNet()
            : model.withAutoencoder(VaeStart.sizes(space.vae)).latentUNet();
    return new DiffusionTraining(
        unet,
        model.text(),
        SmallModel.scheduler(),
        Optional.ofNullable(space.vae),
        options.plan(),
        dropOut,
        focus.with(minSnr),
        prompts,
        new DiffusionStart.Fresh());
  }
}
