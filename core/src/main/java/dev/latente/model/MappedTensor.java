package dev.latente.model;

import dev.latente.nn.Lending;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.LentTensor;
import dev.latente.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// The bytes of one tensor in a mapped file, to be lent.
///
/// @param bytes in a map that lasts as long as this is reachable
record MappedTensor(MemorySegment bytes, List<Long> shape) implements Lending.Memory {
  /// Smaller ones stay in memory: all of them together are a few megabytes, and asking for each to
  /// leave would take longer than reading it.
  private static final long LEAST = 1L << 20;

  @Override
  public void leave() {
    if (bytes.byteSize() >= LEAST) {
      Pages.leave(bytes);
    }
  }

  private long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /// The numbers where they lie; nothing if they cannot be used there.
  Optional<Tensor> lend(ElementType type, Lending lending) {
    if (bytes.byteSize() == 0 || bytes.address() % type.bytes() != 0) {
      return Optional.empty();
    }
    lending.owner().accept(this);
    return Optional.of(
        lending.leaving()
            ? LentTensor.of(bytes, type, this::leave, sizes())
            : LentTensor.copied(bytes, type, this::leave, sizes()));
  }

  /// The numbers that `decoder` makes of the bytes.
  Tensor lend(LentTensor.Decoder decoder, Lending lending) {
    lending.owner().accept(this);
    return LentTensor.packed(decoder, lending.leaving() ? this::leave : () -> {}, sizes());
  }
}
