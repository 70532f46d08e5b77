package dev.latente.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a picture's file says, without its pixels.
///
/// @param format such as `PNG`, `JPEG` or `WEBP`
/// @param width in pixels, as stored: before any turn that its camera asks for
/// @param height in pixels
/// @param text the text of a PNG file, keyword to value
/// @param origin how it was made
public record PictureInfo(
    String format, int width, int height, Map<String, String> text, PictureOrigin origin) {

  /// Reads the remarks in `file`.
  ///
  /// @throws ImageFormatException if it is no picture
  public static PictureInfo read(Path file) throws IOException {
    return decode(PictureReader.bytes(file), file.toString());
  }

  /// The remarks in the bytes of a file.
  ///
  /// @param origin what to call the bytes in messages
  /// @throws ImageFormatException if they are no picture
  public static PictureInfo decode(byte[] file, String origin) {
    PictureReader.Header header =
        FileParts.isWebp(file) ? webp(file, origin) : PictureReader.header(file, origin);
    String format = header.format().toUpperCase(Locale.ROOT);
    Map<String, String> text = format.equals("PNG") ? Png.text(file, origin) : Map.of();
    Optional<Exif> exif = Exif.of(file);
    return new PictureInfo(
        format, header.width(), header.height(), text, OriginReader.read(text, exif));
  }

  /// Java reads the remarks of such a file, but not its pixels.
  private static PictureReader.Header webp(byte[] file, String origin) {
    return FileParts.webpSize(file)
        .map(size -> new PictureReader.Header("WEBP", size[0], size[1]))
        .orElseThrow(() ->
            new ImageFormatException(
                origin + ": expected a whole WebP picture, found a broken one"));
  }

  /// How it was made, if the file says so in the form of A1111's web UI.
  public Optional<GenerationParameters> parameters() {
    return origin instanceof PictureOrigin.Made(GenerationParameters made)
        ? Optional.of(made)
        : Optional.empty();
  }
}
