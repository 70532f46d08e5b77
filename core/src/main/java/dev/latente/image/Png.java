package dev.latente.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// PNG files and the text in them.
///
/// [W3C PNG, third edition](https://www.w3.org/TR/png-3/). Text is tEXt where Latin-1 suffices,
/// iTXt (UTF-8) elsewhere, as the public programs write it.
public final class Png {
  /// The keyword under which the public programs keep a [GenerationParameters].
  public static final String PARAMETERS = "parameters";

  private Png() {}

  /// Writes `picture` with `text`, keyword to value; `file` is whole or as it was before.
  ///
  /// @throws IOException if it cannot be written; the message says why in one line
  public static void write(Path file, Picture picture, Map<String, String> text)
      throws IOException {
    WholeFile.write(file, encode(picture, text));
  }

  /// Writes `picture` with 16 bits and without text; `file` is whole or as it was before.
  ///
  /// @throws IOException if it cannot be written; the message says why in one line
  public static void write(Path file, GreyPicture picture) throws IOException {
    WholeFile.write(file, encode(picture));
  }

  /// The bytes of a file of `picture` with `text`.
  public static byte[] encode(Picture picture, Map<String, String> text) {
    return new PngEncoder(picture.width(), picture.height(), 8, PngEncoder.RGB)
        .encode(picture.bytes(), text);
  }

  /// The bytes of a file of `picture`, with 16 bits.
  public static byte[] encode(GreyPicture picture) {
    byte[] samples = new byte[2 * picture.width() * picture.height()];
    int to = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int value = picture.at(x, y);
        samples[to++] = (byte) (value >> 8);
        samples[to++] = (byte) value;
      }
    }
    return new PngEncoder(picture.width(), picture.height(), 16, PngEncoder.GREY)
        .encode(samples, Map.of());
  }

  /// The text in `file`, keyword to value, in the file's order; of a keyword that comes twice the
  /// first.
  ///
  /// @throws ImageFormatException if it is no PNG file
  public static Map<String, String> text(Path file) throws IOException {
    return text(PictureReader.bytes(file), file.toString());
  }

  /// The text in the bytes of a PNG file.
  ///
  /// @param origin what to call the bytes in messages
  /// @throws ImageFormatException if they are no PNG file
  public static Map<String, String> text(byte[] file, String origin) {
    return PngText.read(file, origin);
  }
}
