package dev.latente.cli;

import dev.latente.training.SmallModel;
import dev.latente.training.VaeStart;
import dev.latente.training.VaeTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `latente train vae`: an autoencoder from a folder of pictures.
@Command(
    name = "vae",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainVaeCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--size", paramLabel = "N", defaultValue = "128", descriptionKey = "size")
  private int size;

  @Option(names = "--crop", paramLabel = "N", defaultValue = "64", descriptionKey = "crop")
  private int crop;

  @Option(
      names = "--channels",
      paramLabel = "N",
      split = ",",
      defaultValue = "16,32,64",
      descriptionKey = "vaeChannels")
  private List<Integer> channels = List.of();

  @Option(names = "--latents", paramLabel = "N", defaultValue = "4", descriptionKey = "latents")
  private int latents;

  @Option(names = "--edges", paramLabel = "X", defaultValue = "0.2", descriptionKey = "edges")
  private double edges;

  @Option(
      names = "--divergence",
      paramLabel = "X",
      defaultValue = "1e-6",
      descriptionKey = "divergence")
  private double divergence;

  @Option(names = "--from", paramLabel = "DIR", descriptionKey = "fromVae")
  private Optional<Path> from = Optional.empty();

  @Option(names = "--freeze-encoder", descriptionKey = "freezeEncoder")
  private boolean freezeEncoder;

  @Override
  public Integer call() throws IOException {
    VaeStart start = start();
    var sizes = from.isPresent() ? VaeStart.sizes(from.get()) : fresh().vae();
    VaeTraining training = new VaeTraining(sizes, options.plan(), crop, divergence, edges, start);
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.pictures(), options.out(), listener));
  }

  private VaeStart start() {
    if (from.isEmpty()) {
      if (freezeEncoder) {
        throw new ParameterException(
            spec.commandLine(), "--freeze-encoder needs --from: an encoder that was trained");
      }
      return new VaeStart.Fresh();
    }
    for (String name : List.of("--size", "--channels", "--latents")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw new ParameterException(
            spec.commandLine(), "--from brings the sizes of its autoencoder: leave out " + name);
      }
    }
    return freezeEncoder ? new VaeStart.DecoderOnly(from.get()) : new VaeStart.Whole(from.get());
  }

  private SmallModel fresh() {
    SmallModel mini = SmallModel.MINI;
    return new SmallModel(
        size,
        channels,
        latents,
        mini.unetChannels(),
        mini.unetLayers(),
        mini.textWidth(),
        mini.textLayers(),
        mini.vocabulary());
  }
}
