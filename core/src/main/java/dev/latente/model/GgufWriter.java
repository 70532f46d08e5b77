package dev.latente.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// Collects named tensors and writes them as a GGUF file of version 3, in the order of their names.
/// Not thread-safe.
final class GgufWriter {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int VERSION = 3;
  private static final int UINT32 = 4;
  private static final int TEXT = 8;
  private static final int ALIGNMENT = 32;

  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new TreeMap<>();

  private record Entry(GgufType type, long[] shape, long bytes, Supplier<byte[]> content) {}

  /// Adds a text about the file.
  GgufWriter metadata(String key, String text) {
    metadata.put(key, text);
    return this;
  }

  /// Adds a number of 0 or more about the file.
  GgufWriter metadata(String key, int number) {
    metadata.put(key, number);
    return this;
  }

  /// Adds a tensor whose bytes are asked for when it is written.
  ///
  /// @param shape as PyTorch has it, the slowest dimension first
  GgufWriter add(String name, GgufType type, long[] shape, Supplier<byte[]> content) {
    long count = LongStream.of(shape).reduce(1, Math::multiplyExact);
    long bytes = count / type.blockSize() * type.blockBytes();
    if (entries.put(name, new Entry(type, shape.clone(), bytes, content)) != null) {
      throw new IllegalArgumentException("tensor '%s' is there already".formatted(name));
    }
    return this;
  }

  /// The size of all tensors in bytes.
  long bytes() {
    return entries.values().stream().mapToLong(Entry::bytes).sum();
  }

  /// Writes the file, whole or not at all, replacing one that is there.
  void write(Path path) throws IOException {
    AtomicFile.write(path, this::writeTo);
  }

  private void writeTo(FileChannel channel) throws IOException {
    Bytes header = new Bytes();
    header.int32(MAGIC).int32(VERSION).int64(entries.size()).int64(metadata.size());
    metadata.forEach((key, value) -> {
      header.text(key);
      switch (value) {
        case Integer number -> header.int32(UINT32).int32(number);
        default -> header.int32(TEXT).text(value.toString());
      }
    });
    long offset = 0;
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      header.text(named.getKey()).int32(entry.shape().length);
      for (int i = entry.shape().length - 1; i >= 0; i--) {
        header.int64(entry.shape()[i]);
      }
      header.int32(entry.type().id()).int64(offset);
      offset = aligned(offset + entry.bytes());
    }
    AtomicFile.writeFully(channel, ByteBuffer.wrap(header.toByteArray()));
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      pad(channel);
      byte[] content = named.getValue().content().get();
      if (content.length != named.getValue().bytes()) {
        throw new IllegalArgumentException(
            "tensor '%s' needs %d bytes, not %d"
                .formatted(named.getKey(), named.getValue().bytes(), content.length));
      }
      AtomicFile.writeFully(channel, ByteBuffer.wrap(content));
    }
    pad(channel);
  }

  private static void pad(FileChannel channel) throws IOException {
    int gap = (int) (aligned(channel.position()) - channel.position());
    AtomicFile.writeFully(channel, ByteBuffer.allocate(gap));
  }

  private static long aligned(long offset) {
    return Math.ceilDiv(offset, ALIGNMENT) * ALIGNMENT;
  }

  /// Little-endian bytes, growing.
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes int32(int number) {
      writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
      return this;
    }

    Bytes int64(long number) {
      writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
      return this;
    }

    Bytes text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      int64(utf8.length).writeBytes(utf8);
      return this;
    }
  }
}
