package dev.latente.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A weight that stays where and as it is stored; [Widened] makes it f32 when an operation needs
/// it.
///
/// It has the weight's shape. Its own numbers are the stored ones, or NaN if there is a decoder.
final class NativeLent extends Tensor {
  // Numbers that a thread decodes at once.
  private static final long AT_ONCE = 1 << 16;

  private final transient Optional<LentTensor.Decoder> decoder;
  private final transient Runnable used;
  private final transient Optional<NativeStrips> strips;

  /// @param used is called after each operation that has read it
  /// @param copied if operations may lay it out anew for themselves, is called when that is done
  NativeLent(
      Tensor view, Optional<LentTensor.Decoder> decoder, Runnable used, Optional<Runnable> copied) {
    super((Pointer) view);
    this.decoder = decoder;
    this.used = used;
    this.strips = copied.map(NativeStrips::new);
  }

  /// Whether its numbers are stored in a form that libtorch does not know.
  boolean isCoded() {
    return decoder.isPresent();
  }

  /// What is called after it was read.
  Runnable used() {
    return used;
  }

  /// What keeps it laid out for products, if that may be.
  Optional<NativeStrips> strips() {
    return strips;
  }

  /// What is called when it was laid out anew, if it may be.
  Optional<Runnable> copied() {
    return strips.map(NativeStrips::copied);
  }

  /// Writes the numbers to `floats`, f32 of its shape in row-major order.
  void read(Tensor floats) {
    if (decoder.isPresent()) {
      decodeAll(floats.data_ptr().address(), floats.numel());
    } else {
      floats.copy_(this);
    }
    used.run();
  }

  private void decodeAll(long to, long count) {
    LongStream.range(0, Math.ceilDiv(count, AT_ONCE))
        .parallel()
        .forEach(part -> {
          long first = part * AT_ONCE;
          decode(first, Math.min(AT_ONCE, count - first), to + first * Float.BYTES);
        });
  }

  /// Writes the numbers `first` to `first + count` to the address `to`, if there is a decoder.
  void decode(long first, long count, long to) {
    MemorySegment floats = MemorySegment.ofAddress(to).reinterpret(count * Float.BYTES);
    decoder.orElseThrow().decode(first, floats);
  }

  /// The rows `ids` of this table as f32.
  Tensor rows(Tensor ids) {
    if (decoder.isPresent()) {
      return torch.embedding(Widened.plain(this), ids);
    }
    Tensor rows = torch.embedding(this, ids).toType(torch.ScalarType.Float);
    used.run();
    return rows;
  }
}
