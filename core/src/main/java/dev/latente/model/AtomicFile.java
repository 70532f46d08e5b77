package dev.latente.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Writes a file so that others see it whole or not at all.
final class AtomicFile {
  /// Fills a file.
  @FunctionalInterface
  interface Content {
    /// Writes everything to `channel`.
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /// Writes `content` beside `path`, then moves it there, replacing what was there.
  static void write(Path path, Content content) throws IOException {
    Path target = path.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /// Writes `bytes` beside `path`, then moves them there, replacing what was there.
  static void write(Path path, byte[] bytes) throws IOException {
    write(path, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  /// Writes all of `bytes`, however many calls it takes.
  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
