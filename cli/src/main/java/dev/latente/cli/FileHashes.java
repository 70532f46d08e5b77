package dev.latente.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The sha256 of files, remembered for as long as a file keeps its size and time.
///
/// @param memory the file of what is known: a line for each, with hash, size, time and path
record FileHashes(Path memory) {
  private static final int BUFFER = 1 << 20;
  private static final int MOST = 5000;

  /// Those of `session`'s user.
  static FileHashes of(Session session) {
    Path caches =
        session.variable("XDG_CACHE_HOME").map(Path::of).orElse(session.home().resolve(".cache"));
    return new FileHashes(caches.resolve("latente").resolve("hashes"));
  }

  /// The hash of `file`, if it can be told without reading it: it was computed before, or the hub's
  /// cache has it as the file's name.
  Optional<String> known(Path file) throws IOException {
    Path real = file.toRealPath();
    String name = real.getFileName().toString();
    if (name.matches("[0-9a-f]{64}")) {
      return Optional.of(name);
    }
    String end = key(real);
    return lines().stream()
        .filter(line -> line.length() > 65 && line.substring(65).equals(end))
        .map(line -> line.substring(0, 64))
        .findFirst();
  }

  /// The hash of `file`, computed if need be.
  ///
  /// @param progress told how many bytes were read; may throw to give up
  String of(Path file, LongConsumer progress) throws IOException {
    Optional<String> known = known(file);
    if (known.isPresent()) {
      return known.get();
    }
    Path real = file.toRealPath();
    String key = key(real);
    String hash = compute(real, progress);
    if (key(real).equals(key)) { // nobody has written it meanwhile
      remember(hash + " " + key);
    }
    return hash;
  }

  private static String key(Path real) throws IOException {
    return Files.size(real) + " " + Files.getLastModifiedTime(real).toMillis() + " " + real;
  }

  /// The hash of `file`, which is read.
  static String compute(Path file, LongConsumer progress) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      long done = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        done += n;
        progress.accept(done);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private List<String> lines() throws IOException {
    return Files.isRegularFile(memory)
        ? new String(Files.readAllBytes(memory), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  /// Notes one more; a memory that cannot be written is none.
  private void remember(String line) {
    try {
      List<String> lines = new ArrayList<>(lines());
      lines.add(line);
      Path folder = Files.createDirectories(Optional.ofNullable(memory.getParent()).orElseThrow());
      Path fresh = Files.createTempFile(folder, "hashes", ".tmp");
      Files.write(fresh, lines.subList(Math.max(0, lines.size() - MOST), lines.size()));
      Files.move(fresh, memory, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException _) {
      // it will be computed again
    }
  }
}
