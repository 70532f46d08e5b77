package dev.latente.cli;

import dev.latente.training.ReferenceTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train reference`: a reference model (IP-Adapter) for a model that stays as it is.
@Command(
    name = "reference",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainReferenceCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", required = true, paramLabel = "DIR", descriptionKey = "controlled")
  private Path model = Path.of("");

  @Option(names = "--encoder", required = true, paramLabel = "DIR", descriptionKey = "encoder")
  private Path encoder = Path.of("");

  @Option(
      names = "--drop-out",
      paramLabel = "X",
      defaultValue = "0.1",
      descriptionKey = "dropReference")
  private double dropOut;

  @Mixin private FocusOptions focus = new FocusOptions();

  @Override
  public Integer call() throws IOException {
    ReferenceTraining training =
        new ReferenceTraining(model, encoder, options.plan(), dropOut, focus.with(0));
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.pictures(), options.out(), listener));
  }
}
