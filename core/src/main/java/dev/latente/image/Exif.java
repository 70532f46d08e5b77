package dev.latente.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// What a camera or a program remarked beside the pixels of a JPEG, WebP or PNG file.
///
/// CIPA DC-008 (Exif 2.32): a directory of tags, as in a TIFF file. A remark that makes no sense is
/// passed over: it does not make the picture unreadable.
///
/// @param tiff the directory with what it points to
record Exif(ByteBuffer tiff) {
  private static final int MAKE = 0x010F;
  private static final int MODEL = 0x0110;
  private static final int ORIENTATION = 0x0112;
  private static final int EXIF_DIRECTORY = 0x8769;
  private static final int USER_COMMENT = 0x9286;
  private static final int ENTRY = 12; // bytes: tag, type, count, value or where it is
  private static final int INLINE = 4; // bytes of a value that fits into its entry
  private static final int CHARSET = 8; // bytes before a comment that name its characters

  /// One line of a directory.
  ///
  /// @param at where it stands
  /// @param count how many values, which are bytes in all tags that are read here but numbers
  private record Entry(int at, int count) {}

  /// The remarks in `file`, if there are any.
  static Optional<Exif> of(byte[] file) {
    try {
      return FileParts.exif(file).map(Exif::upright);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Exif upright(ByteBuffer bytes) {
    ByteOrder order = bytes.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    return new Exif(bytes.slice().order(order));
  }

  /// How the camera was held: 1 to 8, or 1 if nothing is said.
  int orientation() {
    return guarded(
            () -> find(first(), ORIENTATION).map(entry -> tiff.getShort(entry.at() + 8) & 0xffff))
        .orElse(1);
  }

  /// The comment that somebody wrote, where A1111's web UI keeps its parameters.
  Optional<String> userComment() {
    return guarded(
            () -> inner().flatMap(directory -> find(directory, USER_COMMENT)).map(this::bytes))
        .filter(comment -> comment.length > CHARSET)
        .map(Exif::comment)
        .filter(text -> !text.isBlank());
  }

  /// The camera's make, where ComfyUI keeps its workflow.
  Optional<String> make() {
    return text(MAKE);
  }

  /// The camera's model, where ComfyUI keeps its prompt.
  Optional<String> model() {
    return text(MODEL);
  }

  private Optional<String> text(int tag) {
    return guarded(() -> find(first(), tag).map(this::bytes))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replace("\0", ""));
  }

  private int first() {
    return tiff.getInt(4);
  }

  private Optional<Integer> inner() {
    return find(first(), EXIF_DIRECTORY).map(entry -> tiff.getInt(entry.at() + 8));
  }

  private Optional<Entry> find(int directory, int tag) {
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int at = directory + 2 + ENTRY * i;
      if ((tiff.getShort(at) & 0xffff) == tag) {
        return Optional.of(new Entry(at, tiff.getInt(at + 4)));
      }
    }
    return Optional.empty();
  }

  private byte[] bytes(Entry entry) {
    int start = entry.count() <= INLINE ? entry.at() + 8 : tiff.getInt(entry.at() + 8);
    if (start < 0 || entry.count() < 0 || entry.count() > tiff.limit() - start) {
      throw new IndexOutOfBoundsException(start);
    }
    byte[] bytes = new byte[entry.count()];
    tiff.get(start, bytes);
    return bytes;
  }

  /// A comment after the eight bytes that name its characters.
  private static String comment(byte[] bytes) {
    String charset = new String(bytes, 0, CHARSET, StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOfRange(bytes, CHARSET, bytes.length);
    Charset characters = charset.startsWith("UNICODE") ? sixteenBits(text) : StandardCharsets.UTF_8;
    return new String(text, characters).replace("\0", "").strip();
  }

  /// Programs do not agree on the order of bytes: in most text the upper one is mostly zero.
  private static Charset sixteenBits(byte... text) {
    int balance = 0;
    for (int i = 0; i + 1 < text.length; i += 2) {
      balance += (text[i] == 0 ? 1 : 0) - (text[i + 1] == 0 ? 1 : 0);
    }
    return balance >= 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
  }

  /// A look into bytes that may point anywhere.
  private interface Look<T> {
    Optional<T> found();
  }

  private static <T> Optional<T> guarded(Look<T> look) {
    try {
      return look.found();
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }
}
