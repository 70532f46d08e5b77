package dev.latente.cli;

import dev.latente.image.Png;
import dev.latente.pipeline.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A picture that shows how far the drawing is, written over and over.
///
/// @param file the PNG file
/// @param every how many steps lie between two of them
record PreviewFile(Path file, int every) {
  private static final Pattern FORM = Pattern.compile("(.+?)(?::(\\d{1,4}))?");

  PreviewFile {
    if (every < 1) {
      throw new IllegalArgumentException(
          "--preview must be written every 1 or more steps: " + every);
    }
  }

  /// Reads `FILE.png` or `FILE.png:STEPS`.
  static PreviewFile of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || !matcher.group(1).toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new IllegalArgumentException(
          "--preview must be a .png file, and perhaps ':' and a number of steps: " + text);
    }
    String every = matcher.group(2);
    return new PreviewFile(Path.of(matcher.group(1)), every == null ? 1 : Integer.parseInt(every));
  }

  /// Writes the preview if it is time.
  void show(Progress progress) throws IOException {
    if (progress.step() % every == 0 && progress.step() < progress.steps()) {
      Png.write(file, progress.preview().get(), Map.of());
    }
  }
}
