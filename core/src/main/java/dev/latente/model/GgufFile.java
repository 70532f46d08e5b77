package dev.latente.model;

import dev.latente.nn.Lending;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A GGUF file, mapped into memory; quantised tensors become plain ones when they are read.
///
/// One thread at a time may use it.
public final class GgufFile implements CheckpointSource {
  private final MappedFile file;
  private final GgufHeader header;

  private GgufFile(MappedFile file, GgufHeader header) {
    this.file = file;
    this.header = header;
  }

  /// Maps `path` and checks its whole header.
  ///
  /// @throws ModelFormatException if there is no such file, or it is not a GGUF file
  public static GgufFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path, "a GGUF file");
    try {
      return new GgufFile(file, GgufHeader.parse(path.toString(), file.bytes()));
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
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

  /// The name of the type the file stores `name` in, such as `Q4_0`.
  public String type(String name) {
    return entry(name).type().name();
  }

  /// The stored bytes of `name`, valid until this file is closed.
  MemorySegment stored(String name) {
    GgufHeader.Entry entry = entry(name);
    return file.bytes().asSlice(entry.begin(), entry.bytes());
  }

  @Override
  public String storedAs(String name) {
    return type(name);
  }

  @Override
  public Tensor read(String name, Precision precision) {
    GgufHeader.Entry entry = entry(name);
    MemorySegment stored = file.bytes().asSlice(entry.begin(), entry.bytes());
    long[] shape = shape(name);
    return switch (entry.type()) {
      case F32 -> Tensor.read(stored, ElementType.F32, precision, shape);
      case F16 -> Tensor.read(stored, ElementType.F16, precision, shape);
      case BF16 -> Tensor.read(stored, ElementType.BF16, precision, shape);
      case F64 -> Tensor.read(stored, ElementType.F64, precision, shape);
      case I8 -> Tensor.read(stored, ElementType.I8, precision, shape);
      case I16 -> Tensor.read(stored, ElementType.I16, precision, shape);
      case I32 -> Tensor.read(stored, ElementType.I32, precision, shape);
      case I64 -> Tensor.read(stored, ElementType.I64, precision, shape);
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment floats = arena.allocate(Float.BYTES * entry.count(), Float.BYTES);
          new GgufNumbers(entry.type(), stored).decode(0, floats);
          yield Tensor.read(floats, ElementType.F32, precision, shape);
        }
      }
    };
  }

  @Override
  public Tensor lend(String name, Precision precision, Lending lending) {
    GgufHeader.Entry entry = entry(name);
    MemorySegment stored = file.lasting().asSlice(entry.begin(), entry.bytes());
    MappedTensor mapped = new MappedTensor(stored, entry.shape());
    return switch (entry.type()) {
      case F32 -> lend(mapped, name, ElementType.F32, precision, lending);
      case F16 -> lend(mapped, name, ElementType.F16, precision, lending);
      case BF16 -> lend(mapped, name, ElementType.BF16, precision, lending);
      case F64, I8, I16, I32, I64 -> read(name, precision);
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          lending.packed()
              ? mapped.lend(new GgufNumbers(entry.type(), stored), lending)
              : read(name, precision);
    };
  }

  private Tensor lend(
      MappedTensor mapped, String name, ElementType type, Precision precision, Lending lending) {
    return type == precision.elementType()
        ? mapped.lend(type, lending).orElseGet(() -> read(name, precision))
        : read(name, precision);
  }

  private GgufHeader.Entry entry(String name) {
    GgufHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new ModelFormatException("%s: no tensor '%s'".formatted(origin(), name));
    }
    return entry;
  }

  @Override
  public void close() {
    file.close();
  }
}
