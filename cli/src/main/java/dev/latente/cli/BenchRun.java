package dev.latente.cli;

import dev.latente.cli.Bench.Part;
import dev.latente.cli.Bench.Stage;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.Progress;
import dev.latente.pipeline.ProgressListener;
import dev.latente.pipeline.TextToImage;
import dev.latente.tensor.OperationProfile;
import dev.latente.tensor.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Draws pictures nobody looks at, with an eye on the clock and on memory. For one use.
final class BenchRun {
  private static final double NANOS = 1e9;

  private final Session session;
  private final Words words;
  private final ProgressLine line;
  private final List<Part> parts = new ArrayList<>();
  private final List<Long> resident = new ArrayList<>();
  private long began = System.nanoTime();

  BenchRun(Session session, Words words, ProgressLine line) {
    this.session = session;
    this.words = words;
    this.line = line;
  }

  /// What opens a model.
  @FunctionalInterface
  interface Opening {
    TextToImage open() throws IOException;
  }

  /// The model that `opening` opens.
  TextToImage open(Opening opening) throws IOException {
    PeakMemory.restart();
    began = System.nanoTime();
    try (OperationProfile profile = OperationProfile.start()) {
      TextToImage model = opening.open();
      end(Stage.OPEN, profile);
      return model;
    }
  }

  /// Draws the pictures of `request`.
  void draw(TextToImage model, ImageRequest request) {
    line.start();
    try (OperationProfile profile = OperationProfile.start()) {
      began = System.nanoTime();
      model.generate(
          request,
          listener(profile),
          _ -> {
            if (resident.size() % request.batch() == 0) { // a batch is decoded at once
              end(Stage.DECODE, profile);
            }
            resident.add(PeakMemory.now());
          });
    }
  }

  /// What was measured.
  ///
  /// @param peak of the machine
  Bench result(TextToImage model, ImageRequest request, double peak) {
    return new Bench(model.name(), request, Threads.count(), peak, parts, resident);
  }

  private ProgressListener listener(OperationProfile profile) {
    return new ProgressListener() {
      @Override
      public void onEncoded() {
        end(Stage.TEXT, profile);
      }

      @Override
      public void onStep(Progress progress) {
        session.cancellation().check();
        boolean first = parts.stream().noneMatch(part -> part.stage() == Stage.FIRST_STEP);
        end(first ? Stage.FIRST_STEP : Stage.STEP, profile);
        line.show(
            words.say("step", progress.taken(), total(progress)),
            progress.taken(),
            total(progress),
            words.say("steps"));
      }
    };
  }

  private static long total(Progress progress) {
    return (long) progress.pictures() * progress.steps();
  }

  private void end(Stage stage, OperationProfile profile) {
    long now = System.nanoTime();
    parts.add(new Part(stage, (now - began) / NANOS, PeakMemory.bytes(), profile.lap()));
    PeakMemory.restart();
    began = System.nanoTime();
  }
}
