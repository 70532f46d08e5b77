package dev.latente.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/// The hash by which A1111 and its users' sites know a LoRA.
///
/// It leaves out a safetensors header, so that a file keeps it when its remarks are edited.
final class LoraHash {
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{64}");
  private static final int BLOCK = 1 << 20; // bytes

  private LoraHash() {}

  /// The hash that kohya's scripts wrote into the header, or else that of the file.
  static String of(Path path, Map<String, String> metadata) throws IOException {
    String stated = metadata.getOrDefault("sshs_model_hash", "");
    return HEXADECIMAL.matcher(stated).matches() ? stated : ofTensors(path);
  }

  /// SHA-256 of all bytes but a safetensors header.
  static String ofTensors(Path path) throws IOException {
    try (InputStream file = Files.newInputStream(path)) {
      byte[] start = file.readNBytes(8);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long header =
          start.length < 8 ? -1 : ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (header >= 2 && header <= Files.size(path) - 8) {
        file.skipNBytes(header);
      } else {
        digest.update(start); // another format: the whole file
      }
      byte[] block = new byte[BLOCK];
      for (int read = file.read(block); read >= 0; read = file.read(block)) {
        digest.update(block, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
