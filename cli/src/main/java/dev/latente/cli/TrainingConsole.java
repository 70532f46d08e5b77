package dev.latente.cli;

import dev.latente.training.TrainingListener;
import dev.latente.training.TrainingProgress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import picocli.CommandLine.Model.CommandSpec;

/// Shows training: a line now and then, a `log.csv` of the curve, sheets of samples; stops on
/// Ctrl-C.
final class TrainingConsole implements TrainingListener {
  private static final int INTERRUPTED = 130; // 128 + SIGINT, as shells count
  private static final long LINE_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final Path folder;
  private final long until;
  private volatile boolean stop;
  private long reached;
  private long lastLine = System.nanoTime() - LINE_NANOS;

  private TrainingConsole(PrintWriter out, Path folder, long until) {
    this.out = out;
    this.folder = folder;
    this.until = until;
  }

  /// A training that tells a listener.
  @FunctionalInterface
  interface Training {
    boolean run(TrainingListener listener) throws IOException;
  }

  /// Runs `training`, and stops it after a step, with its checkpoint written, when the process is
  /// asked to end.
  static int run(CommandSpec spec, Path folder, Training training) throws IOException {
    return run(spec, folder, Long.MAX_VALUE, training);
  }

  /// As [#run(CommandSpec, Path, Training)], and stops it so after step `until`.
  static int run(CommandSpec spec, Path folder, long until, Training training) throws IOException {
    PrintWriter out = spec.commandLine().getErr();
    TrainingConsole console = new TrainingConsole(out, folder, until);
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .unstarted(() -> {
              console.stop = true;
              try {
                ended.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Files.createDirectories(folder);
      boolean finished = training.run(console);
      out.println(
          finished
              ? "finished: " + folder
              : "stopped; the same command goes on from the checkpoint in " + folder);
      return finished || !console.stop ? 0 : INTERRUPTED;
    } finally {
      out.flush();
      ended.countDown();
      if (!console.stop) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  @Override
  public void onPrepared(int done, int count) {
    if (stop) {
      throw new CancellationException("stopped while preparing pictures");
    }
    line(done == count, "preparing pictures: %d of %d".formatted(done, count));
  }

  @Override
  public void onStep(TrainingProgress progress) {
    reached = progress.step();
    boolean last = reached == progress.steps() || reached >= until;
    line(
        last,
        String.format(
            Locale.ROOT,
            "step %d of %d  loss %.4f  gradient %.3f  %.1f samples/s  %s left",
            progress.step(),
            progress.steps(),
            progress.loss(),
            progress.gradientNorm(),
            progress.samplesPerSecond(),
            duration(progress.secondsLeft())));
    record(progress);
  }

  private void line(boolean always, String text) {
    long now = System.nanoTime();
    if (always || now - lastLine >= LINE_NANOS) {
      lastLine = now;
      out.println(text);
      out.flush();
    }
  }

  /// Adds the step to `log.csv`: step, loss, gradient norm.
  private void record(TrainingProgress progress) {
    String row =
        String.format(
            Locale.ROOT,
            "%d,%.6f,%.4f%n",
            progress.step(),
            progress.loss(),
            progress.gradientNorm());
    try {
      Files.writeString(
          folder.resolve("log.csv"),
          row,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void onSamples(long step, BufferedImage sheet) {
    Path file = folder.resolve("samples-%06d.png".formatted(step));
    Path part = folder.resolve("samples.part");
    try {
      ImageIO.write(sheet, "png", part.toFile());
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      line(true, "samples: " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public boolean stopRequested() {
    return stop || reached >= until;
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
