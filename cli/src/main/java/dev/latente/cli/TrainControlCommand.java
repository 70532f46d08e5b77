package dev.latente.cli;

import dev.latente.training.ControlTraining;
import dev.latente.training.Focus;
import java.io.IOException;
import java.nio.file.Path;
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

  @Option(
      names = "--map",
      paramLabel = "FIELD",
      defaultValue = "conditioning_image",
      descriptionKey = "map")
  private String map = "";

  @Option(names = "--drop-out", paramLabel = "X", defaultValue = "0.3", descriptionKey = "dropOut")
  private double dropOut;

  @Option(names = "--things", paramLabel = "X", defaultValue = "1", descriptionKey = "things")
  private double things;

  @Option(
      names = "--timestep-width",
      paramLabel = "X",
      defaultValue = "1",
      descriptionKey = "timestepWidth")
  private double timestepWidth;

  @Option(
      names = "--timestep-centre",
      paramLabel = "X",
      defaultValue = "0",
      descriptionKey = "timestepCentre")
  private double timestepCentre;

  @Override
  public Integer call() throws IOException {
    Focus focus = new Focus(0, things, timestepWidth, timestepCentre);
    ControlTraining training = new ControlTraining(model, options.plan(), dropOut, focus);
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.picturesWithMaps(map), options.out(), listener));
  }
}
