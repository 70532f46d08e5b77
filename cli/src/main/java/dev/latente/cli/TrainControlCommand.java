package dev.latente.cli;

import dev.latente.training.ControlTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train control`: a ControlNet for a model that stays as it is.
@Command(
    name = "control",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainControlCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", required = true, paramLabel = "DIR", descriptionKey = "controlled")
  private Path model = Path.of("");

  @Option(names = "--from", paramLabel = "DIR", descriptionKey = "fromControl")
  private Optional<Path> from = Optional.empty();

  @Option(
      names = "--map",
      paramLabel = "FIELD",
      defaultValue = "conditioning_image",
      descriptionKey = "map")
  private String map = "";

  @Option(names = "--drop-out", paramLabel = "X", defaultValue = "0.3", descriptionKey = "dropOut")
  private double dropOut;

  @Mixin private FocusOptions focus = new FocusOptions();

  @Override
  public Integer call() throws IOException {
    ControlTraining training =
        new ControlTraining(model, options.plan(), dropOut, focus.with(0), from);
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.picturesWithMaps(map), options.out(), listener));
  }
}
