package dev.latente.cli;

import dev.latente.training.SmallModel;
import dev.latente.training.VaeTraining;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      defaultValue = "16,32,64,128",
      descriptionKey = "vaeChannels")
  private List<Integer> channels = List.of();

  @Option(names = "--latents", paramLabel = "N", defaultValue = "8", descriptionKey = "latents")
  private int latents;

  @Option(names = "--edges", paramLabel = "X", defaultValue = "0.2", descriptionKey = "edges")
  private double edges;

  @Option(
      names = "--divergence",
      paramLabel = "X",
      defaultValue = "1e-6",
      descriptionKey = "divergence")
  private double divergence;

  @Override
  public Integer call() throws IOException {
    SmallModel mini = SmallModel.MINI;
    SmallModel model =
        new SmallModel(
            size,
            channels,
            latents,
            mini.unetChannels(),
            mini.unetLayers(),
            mini.textWidth(),
            mini.textLayers(),
            mini.vocabulary());
    VaeTraining training = new VaeTraining(model.vae(), options.plan(), crop, divergence, edges);
    return TrainingConsole.run(
        spec, options.out(), listener -> training.run(options.pictures(), options.out(), listener));
  }
}
