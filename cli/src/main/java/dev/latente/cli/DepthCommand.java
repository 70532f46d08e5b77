package dev.latente.cli;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.image.Png;
import dev.latente.pipeline.DepthEstimator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `latente depth`: how near each pixel of a picture is.
@Command(
    name = "depth",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    sortSynopsis = false)
final class DepthCommand implements Callable<Integer> {
  private final Session session;
  private final Words words;

  @Parameters(index = "0", paramLabel = "IMAGE", descriptionKey = "image")
  private Path image = Path.of("");

  @Option(
      names = {"-m", "--model"},
      paramLabel = "DIR")
  private Optional<String> model = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE.png")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--invert")
  private boolean invert;

  @Option(names = "--device", paramLabel = "D")
  private String device = "auto";

  DepthCommand(Session session, Words words) {
    this.session = session;
    this.words = words;
  }

  @Override
  public Integer call() throws IOException {
    Path file = output.orElseGet(() -> Path.of(stem(image) + "-depth.png"));
    if (!file.toString().endsWith(".png")) {
      throw new IllegalArgumentException("output must be a .png file: " + file);
    }
    Picture picture = Picture.read(image);
    FirstFrames.say(session, words, List.of(image));
    Path folder = Models.find(model, session);
    try (ProgressLine line = new ProgressLine(session, words)) {
      line.say(words.say("loading", folder.getFileName()));
      try (DepthEstimator estimator = DepthEstimator.open(folder, Placement.device(device))) {
        session.cancellation().check();
        GreyPicture near = estimator.nearness(picture);
        Png.write(file, invert ? near.inverted() : near);
      }
    }
    session.out().println(words.say("depth-written", file));
    return ExitCode.OK;
  }

  private static String stem(Path path) {
    Path last = path.getFileName();
    return last == null ? "picture" : last.toString().replaceFirst("\\.[^.]+$", "");
  }
}
