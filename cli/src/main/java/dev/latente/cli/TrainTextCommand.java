package dev.latente.cli;

import dev.latente.scenes.reader.CaptionTraining;
import dev.latente.tensor.Precision;
import dev.latente.training.TrainingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train text`: a text encoder from captions of the drawn world alone.
@Command(name = "text", mixinStandardHelpOptions = true, sortOptions = false)
final class TrainTextCommand implements Callable<Integer> {
  private static final int TESTED = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--from", required = true, paramLabel = "DIR", descriptionKey = "fromModel")
  private Path from = Path.of("");

  @Option(names = "--out", required = true, paramLabel = "DIR", descriptionKey = "out")
  private Path out = Path.of("");

  @Option(names = "--steps", paramLabel = "N", defaultValue = "3000", descriptionKey = "steps")
  private long steps;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "128")
  private int batch;

  @Option(names = "--rate", paramLabel = "X", defaultValue = "0.001", descriptionKey = "rate")
  private double rate;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", descriptionKey = "seed")
  private long seed;

  @Override
  public Integer call() throws IOException {
    TrainingPlan plan =
        new TrainingPlan(
            steps, batch, rate, 100, 0.99, 1, 0.01, seed, Precision.F32, 200, Long.MAX_VALUE);
    CaptionTraining training = new CaptionTraining(from, plan);
    return TrainingConsole.run(
        spec,
        out,
        listener -> {
          CaptionTraining.Outcome outcome = training.run(out, TESTED, listener);
          PrintWriter printed = spec.commandLine().getOut();
          for (CaptionTraining.Told told : outcome.told()) {
            printed.printf(Locale.ROOT, "%-14s %5.1f %%%n", told.topic(), 100 * told.right());
          }
          printed.flush();
          return outcome.finished();
        });
  }
}
