package dev.latente.model;

import dev.latente.nn.Lending;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A safetensors file, mapped into memory: nothing is read before it is asked for.
///
/// Tensors that are [read][#read] are copied out of the map, so they may outlive it. One thread at
/// a time may use it.
public final class SafetensorsFile implements CheckpointSource {
  /// The longest header the format allows, in bytes.
  private static final long LONGEST_HEADER = 100_000_000;

  /// Tensors of so many bytes leave the map's memory when they were copied: else a model would be
  /// in memory twice while it loads.
  private static final long LARGE = 4L << 20;

  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final SafetensorsHeader header;

  /// Where the tensors' bytes begin.
  private final long start;

  private SafetensorsFile(MappedFile file, SafetensorsHeader header, long start) {
    this.file = file;
    this.header = header;
    this.start = start;
  }

  /// Maps `path` and checks its whole header.
  ///
  /// @throws ModelFormatException if there is no such file, or it is not a safetensors file
  public static SafetensorsFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path, "a safetensors file");
    try {
      MemorySegment bytes = file.bytes();
      long length = headerLength(path, bytes);
      MemorySegment json = bytes.asSlice(8, length);
      long start = 8 + length;
      SafetensorsHeader header =
          SafetensorsHeader.parse(path.toString(), json.asByteBuffer(), bytes.byteSize() - start);
      return new SafetensorsFile(file, header, start);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static long headerLength(Path path, MemorySegment file) {
    if (file.byteSize() < 8) {
      throw new ModelFormatException(
          "%s: expected a safetensors file, found only %d bytes".formatted(path, file.byteSize()));
    }
    long length = file.get(LITTLE_ENDIAN_LONG, 0);
    long most = Math.min(LONGEST_HEADER, file.byteSize() - 8);
    if (length < 2 || length > most) {
      throw new ModelFormatException(
          "%s: expected a safetensors header of 2 to %d bytes, found %s"
              .formatted(path, most, what(file, length)));
    }
    return length;
  }

  private static String what(MemorySegment file, long length) {
    byte[] start = file.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE);
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.equals("version ")) {
      return "a Git LFS pointer: the file itself was not downloaded";
    }
    if (text.startsWith("PK\3\4") || text.startsWith("\u0080\2")) {
      return "a PyTorch (pickle) file";
    }
    if (text.startsWith("<")) {
      return "a web page or XML: the address gave no file";
    }
    return text.startsWith("GGUF") ? "a GGUF file" : Long.toUnsignedString(length);
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public String origin() {
    return file.path().toString();
  }

  @Override
  public Set<String> names() {
    return header.entries().keySet();
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape().stream().mapToLong(Long::longValue).toArray();
  }

  /// The type the file stores `name` in.
  public ElementType type(String name) {
    return entry(name).type();
  }

  @Override
  public String storedAs(String name) {
    return type(name).name();
  }

  /// The stored bytes of `name`, valid until this file is closed.
  public MemorySegment bytes(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    return file.bytes().asSlice(start + entry.begin(), entry.end() - entry.begin());
  }

  /// A copy of `name`; whole numbers stay whole, others become `precision`.
  @Override
  public Tensor read(String name, Precision precision) {
    MemorySegment bytes = bytes(name);
    Tensor copy = Tensor.read(bytes, type(name), precision, shape(name));
    if (bytes.byteSize() >= LARGE) {
      Pages.leave(bytes);
    }
    return copy;
  }

  @Override
  public Tensor lend(String name, Precision precision, Lending lending) {
    SafetensorsHeader.Entry entry = entry(name);
    ElementType type = entry.type();
    if (type != precision.elementType()) {
      return read(name, precision);
    }
    MemorySegment bytes =
        file.lasting().asSlice(start + entry.begin(), entry.end() - entry.begin());
    return new MappedTensor(bytes, entry.shape())
        .lend(type, lending)
        .orElseGet(() -> read(name, precision));
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new ModelFormatException("%s: no tensor '%s'".formatted(file.path(), name));
    }
    return entry;
  }

  /// Frees the map; nothing can be read after.
  @Override
  public void close() {
    file.close();
  }
}
