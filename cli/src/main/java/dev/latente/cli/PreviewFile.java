package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.image.Png;
import dev.latente.pipeline.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A picture that shows how far the drawing is, written over and over; of a batch, all side by
/// side.
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
      Png.write(file, sheet(progress.previews().get()), Map.of());
    }
  }

  /// Pictures of one size beside and below each other, about as many in a row as there are rows.
  private static Picture sheet(List<Picture> pictures) {
    int columns = (int) Math.ceil(Math.sqrt(pictures.size()));
    int rows = Math.ceilDiv(pictures.size(), columns);
    int width = pictures.getFirst().width();
    int height = pictures.getFirst().height();
    byte[] sheet = new byte[3 * columns * width * rows * height];
    for (int i = 0; i < pictures.size(); i++) {
      byte[] rgb = pictures.get(i).rgb();
      int top = i / columns * height;
      int left = i % columns * width;
      for (int y = 0; y < height; y++) {
        int to = 3 * ((top + y) * columns * width + left);
        System.arraycopy(rgb, 3 * y * width, sheet, to, 3 * width);
      }
    }
    return Picture.of(columns * width, rows * height, sheet);
  }
}
