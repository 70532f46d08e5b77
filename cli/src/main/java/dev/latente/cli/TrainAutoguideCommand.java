package dev.latente.cli;

import dev.latente.training.AutoguidanceTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train autoguide`: a model that draws as if it were led away from a weaker one.
@Command(
    name = "autoguide",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainAutoguideCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--from", required = true, paramLabel = "DIR", descriptionKey = "stronger")
  private Path from = Path.of("");

  @Option(names = "--weaker", required = true, paramLabel = "DIR", descriptionKey = "weaker")
  private Path weaker = Path.of("");

  @Option(names = "--scale", paramLabel = "X", defaultValue = "1.5", descriptionKey = "awayScale")
  private double scale;

  @Option(names = "--guidance", paramLabel = "X", defaultValue = "4", descriptionKey = "guidance")
  private double guidance;

  @Option(names = "--drop-out", paramLabel = "X", defaultValue = "0.1", descriptionKey = "dropOut")
  private double dropOut;

  @Option(names = "--min-snr", paramLabel = "X", defaultValue = "0", descriptionKey = "minSnr")
  private double minSnr;

  @Mixin private FocusOptions focus = new FocusOptions();

  @Option(names = "--prompt", paramLabel = "TEXT", descriptionKey = "prompt")
  private List<String> prompts = TrainDiffusionCommand.PROMPTS;

  @Override
  public Integer call() throws IOException {
    AutoguidanceTraining training =
        new AutoguidanceTraining(
            from, weaker, scale, guidance, options.plan(), dropOut, focus.with(minSnr), prompts);
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.pictures(), options.out(), listener));
  }
}
