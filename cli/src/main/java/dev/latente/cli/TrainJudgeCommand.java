package dev.latente.cli;

import dev.latente.scenes.judge.JudgeTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latente train judge`: the network that tells what pictures of the drawn world show.
@Command(name = "judge", mixinStandardHelpOptions = true, sortOptions = false)
final class TrainJudgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--out", required = true, paramLabel = "DIR", descriptionKey = "out")
  private Path out = Path.of("");

  @Option(names = "--scenes", paramLabel = "N", defaultValue = "10000")
  private int scenes;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "1400", descriptionKey = "steps")
  private long steps;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", descriptionKey = "seed")
  private long seed;

  @Override
  public Integer call() throws IOException {
    JudgeTraining training = new JudgeTraining(scenes, JudgeTraining.plan(steps, seed));
    return TrainingConsole.run(spec, out, listener -> training.run(out, listener));
  }
}
