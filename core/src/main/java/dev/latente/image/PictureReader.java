package dev.latente.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Reads picture files through ImageIO, none of which may be larger than memory bears.
final class PictureReader {
  private static final long MOST_BYTES = 1L << 30;

  private PictureReader() {}

  static Picture read(Path file) throws IOException {
    return decode(bytes(file), file.toString());
  }

  static Picture decode(byte[] file, String origin) {
    return ExifOrientation.of(file).apply(BufferedImages.picture(image(file, origin)));
  }

  /// The bytes of a picture's file.
  static byte[] bytes(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new ImageFormatException(
          file.toString().isEmpty()
              ? "expected a picture, found an empty name"
              : file + ": expected a picture, found a folder");
    }
    try {
      long bytes = Files.size(file);
      if (bytes > MOST_BYTES) {
        throw new ImageFormatException(
            "%s: expected at most %d bytes, found %d".formatted(file, MOST_BYTES, bytes));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ImageFormatException(file + ": expected a picture, found no such file", e);
    }
  }

  /// What a file says before its pixels.
  ///
  /// @param format ImageIO's name of it
  record Header(String format, int width, int height) {}

  /// What is asked of a reader that has the file.
  private interface Question<T> {
    T answer(ImageReader reader) throws IOException;
  }

  /// The first picture in the bytes of a file, as ImageIO gives it.
  static BufferedImage image(byte[] file, String origin) {
    if (CutOff.is(file)) {
      throw new ImageFormatException(
          origin + ": expected a whole picture, found one that is cut off");
    }
    return ask(file, origin, reader -> reader.read(0));
  }

  /// What the bytes of a file say before the pixels.
  static Header header(byte[] file, String origin) {
    return ask(
        file,
        origin,
        reader -> new Header(reader.getFormatName(), reader.getWidth(0), reader.getHeight(0)));
  }

  private static <T> T ask(byte[] file, String origin, Question<T> question) {
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new ImageFormatException(
            "%s: expected a picture (%s), found %s".formatted(origin, formats(), describe(file)));
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        requireBearable(reader, origin);
        return question.answer(reader);
      } finally {
        reader.dispose();
      }
    } catch (ImageFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // readers fail in many ways on broken files
      throw new ImageFormatException(
          "%s: expected a whole picture, found a broken one: %s".formatted(origin, reason(e)), e);
    }
  }

  private static void requireBearable(ImageReader reader, String origin) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > Size.MOST_PIXELS) {
      throw new ImageFormatException(
          "%s: expected at most %d pixels, found %dx%d"
              .formatted(origin, Size.MOST_PIXELS, reader.getWidth(0), reader.getHeight(0)));
    }
  }

  private static String formats() {
    return String.join(
        ", ",
        Arrays.stream(ImageIO.getReaderFileSuffixes())
            .filter(suffix -> !suffix.isEmpty())
            .sorted()
            .distinct()
            .toList());
  }

  private static String describe(byte[] file) {
    if (file.length == 0) {
      return "an empty file";
    }
    StringBuilder start = new StringBuilder("other bytes:");
    for (int i = 0; i < Math.min(8, file.length); i++) {
      start.append(" %02x".formatted(file[i]));
    }
    return start.toString();
  }

  private static String reason(Exception e) {
    if (e instanceof EOFException) {
      return "it is cut off";
    }
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
