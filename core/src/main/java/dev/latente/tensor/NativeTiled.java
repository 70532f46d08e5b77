package dev.latente.tensor;

import dev.latente.kernel.Addends;
import dev.latente.kernel.Affine;
import dev.latente.kernel.MachineCode;
import dev.latente.kernel.TiledAffine;
import dev.latente.kernel.TiledConvolution;
import dev.latente.kernel.WeightMatrix;
import dev.latente.kernel.Winograd;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Linear maps and convolutions by [TiledAffine] and [TiledConvolution], on processors that
/// [NativeTiles] can use.
final class NativeTiled {
  // Below so many multiplications another way costs less.
  private static final long LEAST = 1L << 20;

  private NativeTiled() {}

  /// Whether `x` `[…, in]` can be mapped by `weight` `[out, in]` this way, and it pays.
  static boolean suits(Tensor x, Tensor weight) {
    return NativeTiles.here().isPresent()
        && x.dim() >= 2
        && divides(weight.size(0))
        && divides(weight.size(1))
        && x.numel() * weight.size(0) >= LEAST
        && NativeBlas.plain(x)
        && readable(weight);
  }

  /// Whether `weight` `[2 · out, in]` gives values and gates that can be had this way.
  static boolean suitsGates(Tensor x, Tensor weight) {
    return suits(x, weight) && weight.size(0) % (2L * TiledAffine.MULTIPLE) == 0;
  }

  /// Whether a convolution of 3×3 can be done this way.
  static boolean suitsConvolution(Tensor x, Tensor weight, int stride, int padding) {
    return NativeTiles.here().isPresent()
        && NativeWinograd.suitsSizes(x, weight, stride, padding)
        && divides(weight.size(0))
        && divides(weight.size(1))
        && NativeBlas.plain(x)
        && readable(weight);
  }

  /// Whether a convolution of 3×3 with stride 2 can be done this way, and it pays.
  static boolean suitsHalving(Tensor x, Tensor weight, int stride, int padding) {
    return stride == 2
        && NativeTiles.here().isPresent()
        && NativeWinograd.suitsSizes(x, weight, 1, padding)
        && divides(weight.size(0))
        && divides(weight.size(1))
        && x.numel() * weight.size(0) >= LEAST
        && NativeBlas.plain(x)
        && readable(weight);
  }

  /// Whether rows of `weight` can be read, decoded if need be.
  private static boolean readable(Tensor weight) {
    return weight instanceof NativeLent lent && lent.isCoded() || NativeBlas.plainWeight(weight);
  }

  private static boolean divides(long count) {
    return count % TiledAffine.MULTIPLE == 0;
  }

  /// `x · weightᵀ + bias + other`.
  static Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias, Optional<Tensor> other) {
    return linear(x, weight, bias, other, code(x, weight));
  }

  /// `x · weightᵀ + bias` for training, whose small steps need all digits.
  static Tensor trained(Tensor x, Tensor weight, Optional<Tensor> bias) {
    return linear(x, weight, bias, Optional.empty(), code());
  }

  private static Tensor linear(
      Tensor x, Tensor weight, Optional<Tensor> bias, Optional<Tensor> other, MachineCode code) {
    Tensor rows = x.contiguous();
    Affine.Size size = NativeAffine.size(rows, weight.size(0));
    Tensor y = NativeBlocks.fresh(NativeAffine.shape(x, weight.size(0)));
    Tensor shift = bias.orElseGet(() -> torch.zeros(size.out()));
    Optional<Tensor> more = other.map(Tensor::contiguous);
    withMatrix(
        weight,
        matrix ->
            TiledAffine.map(
                size,
                rows.data_ptr().address(),
                matrix,
                addends(shift, 0, more),
                y.data_ptr().address(),
                code,
                Native.threads()));
    return y;
  }

  private static Addends addends(Tensor bias, long perPicture, Optional<Tensor> other) {
    long more = other.map(x -> x.data_ptr().address()).orElse(0L);
    return new Addends(bias.data_ptr().address(), perPicture, more);
  }

  /// Values times the gelu of their gates; `weight` is `[2 · out, in]`, of the values first.
  static Tensor gated(Tensor x, Tensor weight, Tensor bias) {
    Tensor rows = x.contiguous();
    long out = weight.size(0) / 2;
    Tensor y = NativeBlocks.fresh(NativeAffine.shape(x, out));
    withMatrix(
        weight,
        matrix ->
            TiledAffine.gated(
                NativeAffine.size(rows, out),
                rows.data_ptr().address(),
                matrix,
                bias.data_ptr().address(),
                y.data_ptr().address(),
                code(x, weight),
                Native.threads()));
    return y;
  }

  /// The convolution of `x` `[N, in, H, W]` with `weight` `[out, in, 3, 3]`, stride 1 and padding
  /// 1, plus `other`, of the result's shape or `[N, out, 1, 1]`; the result lies channels last.
  static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Optional<Tensor> other) {
    Tensor laidOut = Native.channelsLast(x);
    var shape = NativeWinograd.shape(x, weight.size(0));
    Tensor y = NativeBlocks.fresh(shape.pictures(), shape.height(), shape.width(), shape.out());
    boolean constant = other.filter(NativeTiled::isConstant).isPresent();
    Tensor shift = constant ? other.get().reshape(shape.pictures(), shape.out()).add(bias) : bias;
    Optional<Tensor> more =
        constant ? Optional.empty() : other.map(NativeTiled::pixels).map(Tensor::contiguous);
    Addends added = addends(shift, constant ? (long) shape.out() * Float.BYTES : 0, more);
    withMatrix(
        weight,
        matrix ->
            TiledConvolution.convolve(
                shape,
                laidOut.data_ptr().address(),
                matrix,
                added,
                y.data_ptr().address(),
                code(),
                Native.threads()));
    return y.permute(0, 3, 1, 2);
  }

  /// The convolution of `x` `[N, in, H, W]` with `weight` `[out, in, 3, 3]`, stride 2 and padding
  /// 1; the result lies channels last.
  static Tensor halved(Tensor x, Tensor weight, Tensor bias) {
    Tensor laidOut = Native.channelsLast(x);
    int height = (int) x.size(2);
    int width = (int) x.size(3);
    var shape =
        new Winograd.Shape(
            (int) x.size(0),
            Math.ceilDiv(height, 2),
            Math.ceilDiv(width, 2),
            (int) x.size(1),
            (int) weight.size(0));
    Tensor y = NativeBlocks.fresh(shape.pictures(), shape.height(), shape.width(), shape.out());
    withMatrix(
        weight,
        matrix ->
            TiledConvolution.halve(
                shape,
                laidOut.data_ptr().address(),
                height,
                width,
                matrix,
                addends(bias, 0, Optional.empty()),
                y.data_ptr().address(),
                code(),
                Native.threads()));
    return y.permute(0, 3, 1, 2);
  }

  /// The convolution of `x` `[N, in, H, W]` with `weight` `[out, in, 1, 1]`, plus `other`, of the
  /// result's shape or `[N, out, 1, 1]`; the result lies channels last.
  static Tensor pointwise(Tensor x, Tensor weight, Optional<Tensor> bias, Optional<Tensor> other) {
    Optional<Tensor> whole = other.filter(more -> !isConstant(more));
    Tensor rows =
        linear(pixels(Native.channelsLast(x)), weight, bias, whole.map(NativeTiled::pixels));
    Tensor y = rows.permute(0, 3, 1, 2);
    return other.isPresent() && whole.isEmpty() ? Native.addTo(y, other.get()) : y;
  }

  private static boolean isConstant(Tensor other) {
    return other.size(2) * other.size(3) == 1;
  }

  private static Tensor pixels(Tensor map) {
    return map.permute(0, 2, 3, 1);
  }

  private static MachineCode code() {
    return NativeTiles.here().orElseThrow().code();
  }

  private static MachineCode code(Tensor x, Tensor weight) {
    long pictures = x.dim() > 2 ? x.size(0) : 1;
    long multiplications = x.numel() / pictures * weight.size(0);
    return NativeTiles.here().orElseThrow().code(length(weight), multiplications);
  }

  private static int length(Tensor weight) {
    return Math.toIntExact(weight.numel() / weight.size(0));
  }

  /// Has `product` use the rows of `weight` `[out, …]`, as they are stored or laid out for it.
  private static void withMatrix(Tensor weight, Consumer<WeightMatrix> product) {
    WeightMatrix rows = matrix(weight);
    if (weight instanceof NativeLent lent && lent.strips().isPresent()) {
      lent.strips().get().with(rows, Math.toIntExact(weight.size(0)), code().turn(), product);
    } else {
      product.accept(rows);
    }
  }

  /// The rows of `weight` `[out, …]`, as they are stored.
  private static WeightMatrix matrix(Tensor weight) {
    int length = length(weight);
    if (weight instanceof NativeLent lent && lent.isCoded()) {
      return WeightMatrix.of(lent::decode, length);
    }
    byte type = weight.scalar_type().value;
    WeightMatrix.Format format =
        type == torch.ScalarType.Half.value
            ? WeightMatrix.Format.F16
            : type == torch.ScalarType.BFloat16.value
                ? WeightMatrix.Format.BF16
                : WeightMatrix.Format.F32;
    Tensor stored = weight.element_size() == format.bytes() ? weight : Widened.filled(weight);
    return new WeightMatrix(stored.data_ptr().address(), length, format);
  }
}
