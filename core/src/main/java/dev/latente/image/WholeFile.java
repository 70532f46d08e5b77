package dev.latente.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Writes files so that they are there whole or not at all.
final class WholeFile {
  private WholeFile() {}

  /// Writes `bytes` beside `file`, then moves them into its place.
  ///
  /// @throws IOException if that fails; the message says why in one line
  static void write(Path file, byte[] bytes) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException(file + ": expected a file to write, found a folder");
    }
    if (!Files.isDirectory(folder)) {
      String found = Files.exists(folder) ? "a file" : "nothing";
      throw new IOException(
          "%s: expected a folder %s to write into, found %s".formatted(file, folder, found));
    }
    Path temporary = folder.resolve("." + UUID.randomUUID() + ".part");
    try {
      Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      move(temporary, target);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": expected a place to write, found it read-only", e);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException("%s: cannot be written: %s".formatted(file, reason), e);
    } catch (IOException e) {
      throw new IOException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
    } finally {
      Files.deleteIfExists(temporary);
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
