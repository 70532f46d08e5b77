package dev.latente.model;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Collects named tensors and writes them as a safetensors file.
///
/// Equal content gives equal files: wider types come first, and among equals the order is that of
/// the names. Not thread-safe.
public final class SafetensorsWriter {
  /// The header's length is a multiple of it, so that numbers lie at multiples of their size.
  private static final int ALIGNMENT = 8;

  private final Map<String, String> metadata = new TreeMap<>();
  private final Map<String, Entry> entries = new TreeMap<>();

  private record Entry(
      String name, ElementType type, long[] shape, long bytes, Supplier<byte[]> content) {}

  /// Adds free text about the file.
  public SafetensorsWriter metadata(String name, String text) {
    metadata.put(name, text);
    return this;
  }

  /// Adds `tensor` in the type `type`; whole numbers are kept as I64.
  public SafetensorsWriter add(String name, Tensor tensor, ElementType type) {
    ElementType stored = tensor.elementType().isReal() ? type : ElementType.I64;
    return add(name, stored, tensor.shape(), () -> tensor.toBytes(stored));
  }

  /// Adds all of `tensors`, as [#add(String, Tensor, ElementType)] does.
  public SafetensorsWriter addAll(Map<String, Tensor> tensors, ElementType type) {
    tensors.forEach((name, tensor) -> add(name, tensor, type));
    return this;
  }

  /// Adds a tensor whose little-endian bytes are asked for when it is written.
  public SafetensorsWriter add(
      String name, ElementType type, long[] shape, Supplier<byte[]> content) {
    long bytes = LongStream.of(shape).reduce(type.bytes(), Math::multiplyExact);
    if (entries.put(name, new Entry(name, type, shape.clone(), bytes, content)) != null) {
      throw new IllegalArgumentException("tensor '%s' is there already".formatted(name));
    }
    return this;
  }

  /// Writes the file, whole or not at all, replacing one that is there.
  public void write(Path path) throws IOException {
    Collection<Entry> inOrder =
        entries.values().stream()
            .sorted(Comparator.comparingInt((Entry entry) -> -entry.type().bytes()))
            .toList();
    AtomicFile.write(
        path,
        channel -> {
          AtomicFile.writeFully(channel, header(inOrder));
          for (Entry entry : inOrder) {
            byte[] content = entry.content().get();
            if (content.length != entry.bytes()) {
              throw new IllegalArgumentException(
                  "tensor '%s' needs %d bytes for %s of %s, not %d"
                      .formatted(
                          entry.name(),
                          entry.bytes(),
                          entry.type(),
                          Arrays.toString(entry.shape()),
                          content.length));
            }
            AtomicFile.writeFully(channel, ByteBuffer.wrap(content));
          }
        });
  }

  private ByteBuffer header(Collection<Entry> inOrder) {
    ObjectNode root = Json.object();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject("__metadata__");
      metadata.forEach(texts::put);
    }
    long begin = 0;
    for (Entry entry : inOrder) {
      ObjectNode node = root.putObject(entry.name()).put("dtype", entry.type().name());
      ArrayNode shape = node.putArray("shape");
      LongStream.of(entry.shape()).forEach(shape::add);
      node.putArray("data_offsets").add(begin).add(begin + entry.bytes());
      begin += entry.bytes();
    }
    byte[] json = Json.compact(root);
    int length = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(length).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }
}
