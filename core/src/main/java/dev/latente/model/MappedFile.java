package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file mapped into memory, to be read until it is closed.
final class MappedFile implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;
  private final MemorySegment lasting;

  private MappedFile(Path path, Arena arena, MemorySegment bytes, MemorySegment lasting) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
    this.lasting = lasting;
  }

  /// Maps `path`.
  ///
  /// @param kind what it should be, for messages
  @SuppressWarnings("MustBeClosedChecker") // the mapped file owns the arena
  static MappedFile open(Path path, String kind) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException("%s: expected %s, found a folder".formatted(path, kind));
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      return new MappedFile(
          path,
          arena,
          channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena),
          channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto()));
    } catch (NoSuchFileException e) {
      arena.close();
      throw new ModelFormatException(path + ": no such file", e);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /// All bytes of the file.
  ///
  /// @throws IllegalStateException if it was closed
  MemorySegment bytes() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(path + " is closed");
    }
    return bytes;
  }

  /// The same in another map, which is freed when nothing refers to it any more.
  MemorySegment lasting() {
    return lasting;
  }

  /// Frees the map; does nothing the second time.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
