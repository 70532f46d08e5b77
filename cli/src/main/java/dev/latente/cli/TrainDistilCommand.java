package dev.latente.cli;

import dev.latente.training.DistillationTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train distil`: a copy of a model that draws in four steps without guidance.
@Command(
    name = "distil",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainDistilCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--from", required = true, paramLabel = "DIR", descriptionKey = "teacher")
  private Path from = Path.of("");

  @Option(
      names = "--guidance",
      paramLabel = "X",
      defaultValue = "4",
      descriptionKey = "teachersGuidance")
  private double guidance;

  @Option(names = "--paths", paramLabel = "N", defaultValue = "4096", descriptionKey = "paths")
  private int paths;

  @Option(names = "--prompt", paramLabel = "TEXT", descriptionKey = "prompt")
  private List<String> prompts = TrainDiffusionCommand.PROMPTS;

  @Override
  public Integer call() throws IOException {
    DistillationTraining training =
        new DistillationTraining(from, options.plan(), guidance, paths, prompts);
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> training.run(options.pictures(), options.out(), listener));
  }
}
