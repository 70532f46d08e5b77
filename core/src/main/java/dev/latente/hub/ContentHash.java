package dev.latente.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalLong;

/// Checks content while it comes: against the sha256 of a big file, or what git calls a small one,
/// the sha1 of `blob SIZE\0` and the content. Not thread-safe.
final class ContentHash {
  private static final int BUFFER = 1 << 20;

  private final String expected;
  private final MessageDigest digest;

  private ContentHash(String expected, MessageDigest digest) {
    this.expected = expected;
    this.digest = digest;
  }

  /// The check for content that the hub calls `etag`; one that always succeeds if that is no known
  /// hash.
  static ContentHash of(String etag, OptionalLong size) {
    String hash = etag.toLowerCase(Locale.ROOT);
    if (hash.matches("[0-9a-f]{40}") && size.isPresent()) {
      MessageDigest sha1 = digest("SHA-1");
      sha1.update(("blob " + size.getAsLong() + "\0").getBytes(StandardCharsets.UTF_8));
      return new ContentHash(hash, sha1);
    }
    return new ContentHash(hash.matches("[0-9a-f]{64}") ? hash : "", digest("SHA-256"));
  }

  void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /// Adds all of a file; `meanwhile` is called often and may throw to give up.
  void add(Path file, Runnable meanwhile) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        meanwhile.run();
        digest.update(buffer, 0, n);
      }
    }
  }

  /// Ends the check.
  ///
  /// @throws Fault if the content is another
  void check() throws Fault {
    String found = HexFormat.of().formatHex(digest.digest());
    if (!expected.isEmpty() && !found.equals(expected)) {
      throw new Fault(
          "expected content with the hash %s, found %s".formatted(expected, found), Duration.ZERO);
    }
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + name, e);
    }
  }
}
