package dev.latente.cli;

import dev.latente.scenes.SceneFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `latente scenes`: a folder of drawn pictures with captions, to train on.
@Command(
    name = "scenes",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class ScenesCommand implements Callable<Integer> {
  private final Session session;
  private final Words words;

  @Parameters(index = "0", paramLabel = "DIR", descriptionKey = "folder")
  private Path folder = Path.of("");

  @Option(names = "--count", paramLabel = "N", required = true)
  private int count;

  @Option(names = "--seed", paramLabel = "N")
  private long seed = 0;

  @Option(names = "--size", paramLabel = "N")
  private int size = 128;

  @Option(names = "--held-out")
  private boolean heldOut;

  ScenesCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.start();
      SceneFolder.Progress progress =
          (done, total) -> {
            session.cancellation().check();
            line.show(words.say("scene", done, total), done, total, words.say("pictures"));
          };
      if (heldOut) {
        SceneFolder.writeHeldOut(folder, count, seed, size, progress);
      } else {
        SceneFolder.write(folder, count, seed, size, progress);
      }
    }
    session.out().println(words.say("scenes-written", count, folder));
    return ExitCode.OK;
  }
}
