package dev.latente.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The 256 printable characters that stand for the 256 bytes of UTF-8 in a vocabulary.
///
/// A byte that prints in Latin-1 stands for itself; the 68 others take U+0100 and up, in order
/// (GPT-2's `bytes_to_unicode`).
final class ByteUnits {
  private static final char[] OF_BYTE = new char[256];
  private static final int[] OF_UNIT = new int[0x144];

  static {
    Arrays.fill(OF_UNIT, -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      OF_BYTE[b] = prints(b) ? (char) b : next++;
      OF_UNIT[OF_BYTE[b]] = b;
    }
  }

  private ByteUnits() {}

  /// The UTF-8 bytes of `text`, a character each; half a surrogate pair counts as U+FFFD.
  static String encode(String text) {
    byte[] bytes = Unicode.wellFormed(text).getBytes(StandardCharsets.UTF_8);
    char[] units = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      units[i] = OF_BYTE[bytes[i] & 0xff];
    }
    return new String(units);
  }

  /// Adds the bytes that `token` stands for; a token with any other character is text itself.
  static void decode(String token, ByteArrayOutputStream bytes) {
    if (token.chars().allMatch(c -> c < OF_UNIT.length && OF_UNIT[c] >= 0)) {
      token.chars().forEach(c -> bytes.write(OF_UNIT[c]));
    } else {
      bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// The units in the order a vocabulary lists them: those that print first.
  static List<String> inVocabularyOrder() {
    return IntStream.concat(
            IntStream.range(0, 256).filter(ByteUnits::prints),
            IntStream.range(0, 256).filter(b -> !prints(b)))
        .mapToObj(b -> String.valueOf(OF_BYTE[b]))
        .toList();
  }

  private static boolean prints(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
  }
}
