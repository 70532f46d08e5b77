package dev.latente.tensor;

import dev.latente.kernel.TileNumbers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tensors in memory that belongs to something else, such as a mapped file.
///
/// They are weights of layers that compute in f32: [Tensor#linear], [Tensor#conv2d] and
/// [Tensor#embedding] make f32 of them, whatever they are stored as, and [Tensor#to] gives a copy.
public final class LentTensor {
  private LentTensor() {}

  /// Makes numbers of what is stored.
  ///
  /// Thread-safe.
  @FunctionalInterface
  public interface Decoder {
    /// Writes numbers, counted in row-major order, to `floats` in the machine's byte order.
    ///
    /// @param first of them
    /// @param floats room for as many as are wanted, no more
    void decode(long first, MemorySegment floats);
  }

  /// The little-endian numbers in `bytes`, without copying them.
  ///
  /// Nothing may write to it, and `bytes` must stay reachable as long as it or anything cut out of
  /// it is used.
  ///
  /// @param bytes one or more numbers, at a multiple of a number's size
  public static Tensor of(MemorySegment bytes, ElementType type, long... shape) {
    Tensor view = view(bytes, type, shape);
    return type == ElementType.F32 ? view : stored(view);
  }

  /// As the other, for memory that may leave after use.
  ///
  /// @param used is called after each operation that has read it
  public static Tensor of(MemorySegment bytes, ElementType type, Runnable used, long... shape) {
    Tensor view = view(bytes, type, shape);
    return lent(view, used, Optional.empty());
  }

  /// As the first, for memory that may leave when an operation keeps a copy of it in an order that
  /// suits it.
  ///
  /// @param copied is called when there is one
  public static Tensor copied(
      MemorySegment bytes, ElementType type, Runnable copied, long... shape) {
    return lent(view(bytes, type, shape), () -> {}, Optional.of(copied));
  }

  /// Says whether `weight` is used again and again from now on, so that it is worth a copy where it
  /// may be [#copied], or no longer.
  public static void often(Tensor weight, boolean now) {
    if (weight.handle() instanceof NativeLent lent) {
      lent.strips().ifPresent(strips -> strips.often(now));
    }
  }

  /// Whether copies repay what they cost in a few tens of uses. Where numbers are multiplied as
  /// they are, which takes longer than the reading, they do not: 0.1 s of a step of SD 1.5 for 3.4
  /// s, in a virtual machine.
  public static boolean copiesPay() {
    return NativeTiles.here()
        .filter(tiles -> tiles.code().form() == TileNumbers.HALVES)
        .isPresent();
  }

  private static Tensor lent(Tensor view, Runnable used, Optional<Runnable> copied) {
    return Tensor.made(
        "lend", () -> new NativeLent(view.handle(), Optional.empty(), used, copied), view);
  }

  /// Numbers that `decoder` makes anew for each operation; whatever else reads it sees NaN.
  ///
  /// @param used is called after each operation that has read it
  public static Tensor packed(Decoder decoder, Runnable used, long... shape) {
    Tensor standIn = Tensor.full(Double.NaN, 1).to(Precision.F16);
    long[] ones = new long[shape.length];
    Arrays.fill(ones, 1);
    Tensor view = standIn.reshape(ones).expand(shape);
    return Tensor.made(
        "lend",
        () -> new NativeLent(view.handle(), Optional.of(decoder), used, Optional.empty()),
        view);
  }

  /// `weight` as one that operations make f32: for those stored in fewer bits.
  public static Tensor stored(Tensor weight) {
    return weight.handle() instanceof NativeLent || weight.elementType() == ElementType.F32
        ? weight
        : lent(weight, () -> {}, Optional.empty());
  }

  /// What `form` makes of a tensor that is not packed, such as a part of it; if `whole`'s memory
  /// leaves after use, so does the part's.
  public static Tensor formed(Tensor whole, UnaryOperator<Tensor> form) {
    Tensor part = form.apply(whole);
    return whole.handle() instanceof NativeLent lent
        ? lent(part, lent.used(), lent.copied())
        : part;
  }

  private static Tensor view(MemorySegment bytes, ElementType type, long... shape) {
    if (bytes.byteSize() == 0 || bytes.address() % type.bytes() != 0) {
      throw new IllegalArgumentException(
          "numbers of %d bytes must lie at a multiple of that: %d bytes at %d"
              .formatted(type.bytes(), bytes.byteSize(), bytes.address()));
    }
    return Tensor.made("view", () -> Native.view(bytes, type, shape));
  }
}
