package dev.latente.cli;

import dev.latente.training.DepthTraining;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train depth`: a depth estimator from pictures whose depth is known.
@Command(
    name = "depth",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainDepthCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--map", paramLabel = "FIELD", defaultValue = "depth", descriptionKey = "map")
  private String map = "";

  @Option(names = "--size", paramLabel = "N", defaultValue = "128", descriptionKey = "size")
  private int size;

  @Override
  public Integer call() throws IOException {
    DepthTraining training = new DepthTraining(size, options.plan());
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.picturesWithMaps(map), options.out(), listener));
  }
}
