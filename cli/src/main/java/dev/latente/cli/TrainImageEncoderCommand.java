package dev.latente.cli;

import dev.latente.training.ImageEncoderTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train image-encoder`: what a reference model sees pictures with.
@Command(
    name = "image-encoder",
    resourceBundle = "dev.latente.cli.Train",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainImageEncoderCommand implements Callable<Integer> {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", required = true, paramLabel = "DIR", descriptionKey = "read")
  private Path model = Path.of("");

  @Option(names = "--size", paramLabel = "N", defaultValue = "128", descriptionKey = "size")
  private int size;

  @Override
  public Integer call() throws IOException {
    ImageEncoderTraining training = new ImageEncoderTraining(model, size, options.plan());
    return TrainingConsole.run(
        spec,
        options.out(),
        options.until(),
        listener -> {
          ImageEncoderTraining.Outcome outcome =
              training.run(options.pictures(), options.out(), listener);
          spec.commandLine()
              .getOut()
              .printf(
                  Locale.ROOT,
                  "own caption found among %d: %.1f %%%n",
                  options.plan().batch(),
                  100 * outcome.matched());
          spec.commandLine().getOut().flush();
          return outcome.finished();
        });
  }
}
