package dev.latente.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// An immutable multi-dimensional array in native memory, freed with the [Scope] it was made in.
///
/// It has the operations this project uses and no others: add one when a model needs it. Dimensions
/// may be counted from the end: `-1` is the last.
public final class Tensor {
  private final org.bytedeco.pytorch.Tensor handle;

  private Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = handle;
  }

  /// A tensor of the given shape filled from `values` in row-major order.
  public static Tensor of(float[] values, long... shape) {
    return made("tensor", () -> Native.tensor(values, shape));
  }

  /// A tensor of whole numbers, such as token ids.
  public static Tensor of(long[] values, long... shape) {
    return made("tensor", () -> Native.tensor(values, shape));
  }

  /// A tensor of the given shape filled with `value`.
  public static Tensor full(double value, long... shape) {
    return made("full", () -> Native.full(value, shape));
  }

  /// Copies little-endian numbers out of `bytes`, converting real ones to `precision`; whole ones
  /// become I64. The result does not refer to `bytes` any more.
  public static Tensor read(
      MemorySegment bytes, ElementType type, Precision precision, long... shape) {
    ElementType to = type.isReal() ? precision.elementType() : ElementType.I64;
    return made("read", () -> Native.read(bytes, type, to, shape));
  }

  /// `parts` joined along dimension `dim`.
  public static Tensor concat(int dim, Tensor... parts) {
    return made("cat", () -> Native.cat(dim, handles(parts)), parts);
  }

  /// `parts`, all of one shape, laid along a new dimension `dim`.
  public static Tensor stack(int dim, Tensor... parts) {
    return made("stack", () -> Native.stack(dim, handles(parts)), parts);
  }

  /// `this + other`, broadcasting.
  public Tensor plus(Tensor other) {
    return made("add", () -> handle.add(other.handle), this, other);
  }

  /// `this + value`.
  public Tensor plus(double value) {
    return made("add", () -> Native.add(handle, value), this);
  }

  /// `this - other`, broadcasting.
  public Tensor minus(Tensor other) {
    return made("sub", () -> handle.sub(other.handle), this, other);
  }

  /// `this · other`, element by element, broadcasting.
  public Tensor times(Tensor other) {
    return made("mul", () -> handle.mul(other.handle), this, other);
  }

  /// `factor · this`.
  public Tensor times(double factor) {
    return made("mul", () -> Native.mul(handle, factor), this);
  }

  /// `this / other`, element by element, broadcasting.
  public Tensor dividedBy(Tensor other) {
    return made("div", () -> handle.div(other.handle), this, other);
  }

  /// `this / divisor`.
  public Tensor dividedBy(double divisor) {
    return made("div", () -> Native.div(handle, divisor), this);
  }

  /// The square root of each element.
  public Tensor sqrt() {
    return made("sqrt", handle::sqrt, this);
  }

  /// The square of each element.
  public Tensor square() {
    return made("square", handle::square, this);
  }

  /// e to the power of each element.
  public Tensor exp() {
    return made("exp", handle::exp, this);
  }

  /// The natural logarithm of each element.
  public Tensor log() {
    return made("log", handle::log, this);
  }

  /// The sine of each element.
  public Tensor sin() {
    return made("sin", handle::sin, this);
  }

  /// The cosine of each element.
  public Tensor cos() {
    return made("cos", handle::cos, this);
  }

  /// The hyperbolic tangent of each element.
  public Tensor tanh() {
    return made("tanh", handle::tanh, this);
  }

  /// The absolute value of each element.
  public Tensor abs() {
    return made("abs", handle::abs, this);
  }

  /// Each element, or the nearer end of the range it is outside of.
  public Tensor clamp(double min, double max) {
    return made("clamp", () -> Native.clamp(handle, min, max), this);
  }

  /// `1 / (1 + e^-x)`.
  public Tensor sigmoid() {
    return made("sigmoid", handle::sigmoid, this);
  }

  /// `max(x, 0)`.
  public Tensor relu() {
    return made("relu", handle::relu, this);
  }

  /// `x · sigmoid(x)`, also called swish.
  public Tensor silu() {
    return made("silu", () -> Native.silu(handle), this);
  }

  /// `x · Φ(x)` with the normal distribution function: Hendrycks & Gimpel (2016), the exact form.
  public Tensor gelu() {
    return made("gelu", () -> Native.gelu(handle), this);
  }

  /// The softmax over dimension `dim`.
  public Tensor softmax(int dim) {
    return made("softmax", () -> handle.softmax(dim), this);
  }

  /// The matrix product over the last two dimensions, broadcasting the others.
  public Tensor matmul(Tensor other) {
    return made("matmul", () -> handle.matmul(other.handle), this, other);
  }

  /// The mean over `dims`, which stay with size 1; over all, as a single number, if none is named.
  public Tensor mean(int... dims) {
    return made("mean", () -> Native.mean(handle, dims), this);
  }

  /// The sum over `dims`, which stay with size 1; over all, as a single number, if none is named.
  public Tensor sum(int... dims) {
    return made("sum", () -> Native.sum(handle, dims), this);
  }

  /// The index of the largest element along dimension `dim`, which is dropped.
  public Tensor argmax(int dim) {
    return made("argmax", () -> Native.argmax(handle, dim), this);
  }

  /// The same values with another shape; one dimension may be `-1`.
  public Tensor reshape(long... shape) {
    return made("reshape " + Arrays.toString(shape), () -> handle.reshape(shape), this);
  }

  /// The same values with dimensions of size 1 repeated up to `shape`; no memory is copied.
  public Tensor expand(long... shape) {
    return made("expand " + Arrays.toString(shape), () -> handle.expand(shape), this);
  }

  /// The dimensions in another order.
  public Tensor permute(long... dims) {
    return made("permute " + Arrays.toString(dims), () -> handle.permute(dims), this);
  }

  /// Dimensions `a` and `b` exchanged.
  public Tensor transpose(int a, int b) {
    return made("transpose", () -> handle.transpose(a, b), this);
  }

  /// The same values laid out in row-major order.
  public Tensor contiguous() {
    return made("contiguous", () -> handle.contiguous(), this);
  }

  /// The same `[N, C, H, W]` laid out with a pixel's channels side by side, which convolutions on a
  /// processor are faster with; results of operations on it are laid out so too.
  public Tensor channelsLast() {
    return made("channels_last", () -> Native.channelsLast(handle), this);
  }

  /// The elements `from` (inclusive) to `to` (exclusive) along dimension `dim`.
  public Tensor slice(int dim, long from, long to) {
    return made("slice", () -> handle.narrow(dim, from, to - from), this);
  }

  /// The slices at `indices` (whole numbers, one dimension) along dimension `dim`.
  public Tensor select(int dim, Tensor indices) {
    return made("index_select", () -> handle.index_select(dim, indices.handle), this, indices);
  }

  /// `count` equal parts along dimension `dim`, in order.
  public Tensor[] chunk(int count, int dim) {
    long part = size(dim) / count;
    Tensor[] result = new Tensor[count];
    Arrays.setAll(result, i -> slice(dim, i * part, (i + 1) * part));
    return result;
  }

  /// 2-D convolution of `[N, Cin, H, W]` with `weight` `[Cout, Cin, kH, kW]` and `bias` `[Cout]`.
  public Tensor conv2d(Tensor weight, Optional<Tensor> bias, int stride, int padding) {
    return made(
        "conv2d", () -> Convolution.conv2d(this, weight, bias, stride, padding), this, weight);
  }

  /// `this · weightᵀ + bias` over the last dimension; `weight` is `[out, in]`.
  public Tensor linear(Tensor weight, Tensor bias) {
    return made("linear", () -> Linears.linear(this, weight, Optional.of(bias)), this, weight);
  }

  /// `this · weightᵀ` over the last dimension; `weight` is `[out, in]`.
  public Tensor linear(Tensor weight) {
    return made("linear", () -> Linears.linear(this, weight, Optional.empty()), this, weight);
  }

  /// Normalises each of `groups` groups of channels of `[N, C, …]` to mean 0 and variance 1: Wu &
  /// He (2018).
  public Tensor groupNorm(int groups, Tensor weight, Tensor bias, double epsilon) {
    return Normalization.groupNorm(this, groups, weight, bias, epsilon);
  }

  /// Normalises the last dimension to mean 0 and variance 1: Ba et al. (2016).
  public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
    return made(
        "layer_norm",
        () -> Native.layerNorm(handle, weight.handle, bias.handle, epsilon),
        this,
        weight);
  }

  /// The rows of this table `[V, D]` at `ids` `[…]`: `[…, D]`.
  public Tensor embedding(Tensor ids) {
    return made("embedding", () -> Native.embedding(handle, ids.handle), this, ids);
  }

  /// Attention of queries `this` `[N, heads, L, d]` to `keys` and `values` `[N, heads, S, d]`,
  /// scaled by `1/√d`: Vaswani et al. (2017), equation 1.
  ///
  /// @param causal whether position `i` sees only positions up to `i`
  public Tensor attention(Tensor keys, Tensor values, boolean causal) {
    return made(
        "scaled_dot_product_attention",
        () -> Linears.attention(this, keys, values, causal),
        this,
        keys,
        values);
  }

  /// `[N, C, H, W]` at another size by repeating the nearest element.
  public Tensor upsampleNearest(long height, long width) {
    return made("upsample_nearest2d", () -> Native.upsampleNearest(handle, height, width), this);
  }

  /// `[N, C, H, W]` shrunk by averaging squares of `size`.
  public Tensor averagePool(int size) {
    return made("avg_pool2d", () -> Native.averagePool(handle, size), this);
  }

  /// `[N, C, H, W]` with zeros added at the four sides.
  public Tensor pad(int left, int right, int top, int bottom) {
    return made("pad", () -> Native.pad(handle, left, right, top, bottom), this);
  }

  /// The mean cross-entropy between scores `[N, classes]` and the right classes `[N]`.
  public Tensor crossEntropy(Tensor classes) {
    return made("cross_entropy", () -> Native.crossEntropy(handle, classes.handle), this, classes);
  }

  /// The same values in another precision; this very tensor if it has it already.
  public Tensor to(Precision precision) {
    return elementType() == precision.elementType()
        ? this
        : made("to", () -> Native.to(handle, precision), this);
  }

  /// The same values on another device; this very tensor if it is there already.
  public Tensor to(Device device) {
    return device() == device ? this : made("to", () -> Native.to(handle, device), this);
  }

  /// The same values with the element type and on the device of `other`.
  public Tensor like(Tensor other) {
    return elementType() == other.elementType() && device() == other.device()
        ? this
        : made("to", () -> Native.like(handle, other.handle), this);
  }

  /// The same values, through which no gradient flows.
  public Tensor detached() {
    return made("detach", handle::detach, this);
  }

  /// Keeps this tensor past the scopes it was made in, until [#release], and returns it.
  public Tensor retain() {
    handle.retainReference();
    return this;
  }

  /// Gives back what [#retain] kept; the tensor must not be used after.
  public void release() {
    if (handle instanceof NativeLent lent) {
      lent.strips().ifPresent(NativeStrips::release);
    }
    handle.releaseReference();
  }

  /// The size of each dimension.
  public long[] shape() {
    return Native.shape(handle);
  }

  /// The size of dimension `dim`.
  public long size(int dim) {
    return handle.size(dim);
  }

  /// The number of elements.
  public long count() {
    return handle.numel();
  }

  /// The type of the elements.
  public ElementType elementType() {
    return Native.elementType(handle);
  }

  /// Where the tensor lives.
  public Device device() {
    return Native.device(handle);
  }

  /// The values in row-major order, copied to the Java heap as floats.
  public float[] toFloatArray() {
    return Guard.call("copy", () -> Native.floats(handle), this);
  }

  /// Whole numbers in row-major order, copied to the Java heap.
  public long[] toLongArray() {
    return Guard.call("copy", () -> Native.longs(handle), this);
  }

  /// The single number of a tensor of one element.
  public double item() {
    return Guard.call("item", () -> Native.item(handle), this);
  }

  /// The values in row-major order as little-endian numbers of type `type`.
  public byte[] toBytes(ElementType type) {
    return Guard.call("copy", () -> Native.bytes(handle, type), this);
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape()) + " " + elementType();
  }

  org.bytedeco.pytorch.Tensor handle() {
    return handle;
  }

  static Tensor made(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... operands) {
    return new Tensor(OperationProfile.call(operation, body, operands));
  }

  private static org.bytedeco.pytorch.Tensor[] handles(Tensor... tensors) {
    return Stream.of(tensors).map(Tensor::handle).toArray(org.bytedeco.pytorch.Tensor[]::new);
  }
}
