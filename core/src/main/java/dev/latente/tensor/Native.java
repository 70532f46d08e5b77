package dev.latente.tensor;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The calls into libtorch, through JavaCPP's binding; [NativeTraining] has those of training.
///
/// Nothing outside these two and their operands' handles knows the binding. Loading it pins
/// OpenBLAS to one thread: libtorch calls it from inside OpenMP regions, where its own threads
/// crash or stall.
final class Native {
  private static final int VECTOR = 16; // floats that AVX-512 takes at once

  static {
    BlasCore.choose(CpuInfo.read());
    int threads = torch.get_num_threads(); // loads libtorch, and OpenBLAS with it, before the pin
    int processors = Runtime.getRuntime().availableProcessors();
    if (threads > processors) {
      // It counts the machine's cores, whatever a container or taskset leaves of them, and threads
      // that share a core wait for each other.
      torch.set_num_threads(processors);
    }
    openblas_nolapack.blas_set_num_threads(1);
    openblas.blas_set_num_threads(1);
    // on processors it does not know, NNPACK complains on standard error at each convolution
    torch.globalContext().setUserEnabledNNPACK(false);
  }

  private Native() {}

  /// A stack of allocations freed together.
  static final class Frame implements AutoCloseable {
    private final PointerScope scope;

    private Frame(PointerScope scope) {
      this.scope = scope;
    }

    static Frame open() {
      return new Frame(new PointerScope());
    }

    static @Nullable Frame innermost() {
      PointerScope inner = PointerScope.getInnerScope();
      return inner == null ? null : new Frame(inner);
    }

    void attach(Tensor handle) {
      scope.attach(handle);
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  /// A stream of random numbers.
  record Generator(org.bytedeco.pytorch.Generator handle) {}

  /// An address the JVM owns, such as a mapped file's.
  private static final class Address extends Pointer {
    Address(MemorySegment segment) {
      this.address = segment.address();
      this.limit = segment.byteSize();
      this.capacity = segment.byteSize();
    }
  }

  static boolean isAvailable(Device device) {
    return switch (device) {
      case CPU -> true;
      case CUDA -> torch.hasCUDA() && torch.cuda_is_available();
      case MPS -> torch.hasMPS();
    };
  }

  static int threads() {
    return torch.get_num_threads();
  }

  static void threads(int count) {
    torch.set_num_threads(count);
  }

  /// libtorch's reason without the C++ frames under it.
  static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  static Tensor tensor(float[] values, long... shape) {
    return torch.tensor(values).reshape(shape);
  }

  static Tensor tensor(long[] values, long... shape) {
    return torch.tensor(values).reshape(shape);
  }

  static Tensor full(double value, long... shape) {
    return torch.full(shape, new Scalar(value), new TensorOptions(ScalarType.Float));
  }

  static Tensor read(MemorySegment bytes, ElementType from, ElementType to, long... shape) {
    if (bytes.byteSize() == 0) {
      return torch.empty(shape, new TensorOptions(scalarType(to)), null);
    }
    Tensor view = torch.from_blob(new Address(bytes), shape, new TensorOptions(scalarType(from)));
    return from == to ? view.clone() : view.toType(scalarType(to));
  }

  static Tensor view(MemorySegment bytes, ElementType type, long... shape) {
    return torch.from_blob(new Address(bytes), shape, new TensorOptions(scalarType(type)));
  }

  static Generator generator(long seed) {
    var handle = torch.make_generator_cpu(seed);
    handle.retainReference();
    return new Generator(handle);
  }

  static Tensor normal(Generator generator, long... shape) {
    return torch.randn(shape, new GeneratorOptional(generator.handle), new TensorOptions());
  }

  static Tensor uniform(Generator generator, double from, double to, long... shape) {
    return torch.empty(shape).uniform_(from, to, new GeneratorOptional(generator.handle));
  }

  static Tensor cat(int dim, Tensor... parts) {
    return torch.cat(new TensorVector(parts), dim);
  }

  static Tensor stack(int dim, Tensor... parts) {
    return torch.stack(new TensorVector(parts), dim);
  }

  static Tensor add(Tensor x, double value) {
    return x.add(new Scalar(value));
  }

  /// Adds `other` to `x`, and returns `x`.
  static Tensor addTo(Tensor x, Tensor other) {
    x.add_(other);
    return x;
  }

  static Tensor mul(Tensor x, double factor) {
    return x.mul(new Scalar(factor));
  }

  static Tensor div(Tensor x, double divisor) {
    return x.div(new Scalar(divisor));
  }

  static Tensor clamp(Tensor x, double min, double max) {
    return x.clamp(new ScalarOptional(new Scalar(min)), new ScalarOptional(new Scalar(max)));
  }

  static Tensor silu(Tensor x) {
    return torch.silu(x);
  }

  static Tensor gelu(Tensor x) {
    return torch.gelu(x);
  }

  static Tensor mean(Tensor x, int... dims) {
    return dims.length == 0 ? x.mean() : x.mean(longs(dims), true, new ScalarTypeOptional());
  }

  static Tensor sum(Tensor x, int... dims) {
    return dims.length == 0 ? x.sum() : x.sum(longs(dims), true, new ScalarTypeOptional());
  }

  static Tensor argmax(Tensor x, int dim) {
    return x.argmax(new LongOptional(dim), false);
  }

  static Tensor conv2d(Tensor x, Tensor weight, Optional<Tensor> bias, int stride, int padding) {
    return torch.conv2d(
        wholeVectors(x),
        wholeVectors(weight),
        optional(bias.orElse(null)),
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        1);
  }

  static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return torch.linear(x, Widened.forUseWith(x, weight), optional(bias));
  }

  /// `x` `[N, C, H, W]` with as many channels of zeros behind its own as fill a processor's
  /// vectors.
  ///
  /// On an AMD EPYC with AVX-512 this libtorch's oneDNN convolves 24 channels on maps of 32x64 and
  /// more with what lies in memory behind them: wrong numbers, or NaN. It does 16 or fewer right,
  /// and whole vectors; published models have no others.
  private static Tensor wholeVectors(Tensor x) {
    long channels = x.size(1);
    long missing = Math.ceilDiv(channels, VECTOR) * VECTOR - channels;
    return x.is_cpu() && channels > VECTOR && missing > 0
        ? torch.pad(x, 0, 0, 0, 0, 0, missing)
        : x;
  }

  static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double epsilon) {
    return torch.group_norm(x, groups, optional(weight), optional(bias), epsilon, true);
  }

  static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    return torch.layer_norm(
        x, new long[] {x.size(-1)}, optional(weight), optional(bias), epsilon, true);
  }

  static Tensor embedding(Tensor table, Tensor ids) {
    return table instanceof NativeLent lent ? lent.rows(ids) : torch.embedding(table, ids);
  }

  static Tensor attention(Tensor q, Tensor k, Tensor v, boolean causal) {
    if (!causal && q.requires_grad() && NativeTraining.inBrainFloats(q)) {
      return NativeTraining.attention(q, k, v);
    }
    return torch.scaled_dot_product_attention(
        q, k, v, new TensorOptional(), 0, causal, new DoubleOptional(), false);
  }

  static Tensor upsampleNearest(Tensor x, long height, long width) {
    return torch.upsample_nearest2d(x, height, width);
  }

  static Tensor averagePool(Tensor x, int size) {
    return torch.avg_pool2d(x, size, size);
  }

  static Tensor pad(Tensor x, int left, int right, int top, int bottom) {
    return torch.pad(x, left, right, top, bottom);
  }

  static Tensor crossEntropy(Tensor scores, Tensor classes) {
    return torch.cross_entropy_loss(scores, classes);
  }

  static Tensor to(Tensor x, Precision precision) {
    return Widened.plain(x).toType(scalarType(precision.elementType()));
  }

  static Tensor to(Tensor x, Device device) {
    return x.to(
        new ScalarTypeOptional(),
        new LayoutOptional(),
        new DeviceOptional(deviceHandle(device)),
        new BoolOptional(),
        false,
        false,
        null);
  }

  static Tensor like(Tensor x, Tensor other) {
    return Widened.plain(x).to(other, false, false, null);
  }

  static Tensor channelsLast(Tensor x) {
    return x.contiguous(torch.MemoryFormat.ChannelsLast);
  }

  static long[] shape(Tensor x) {
    long[] shape = new long[Math.toIntExact(x.dim())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = x.size(i);
    }
    return shape;
  }

  static ElementType elementType(Tensor x) {
    for (ElementType type : ElementType.values()) {
      if (scalarType(type).value == x.scalar_type().value) {
        return type;
      }
    }
    throw new IllegalStateException("element type not in use here: " + x.scalar_type());
  }

  static Device device(Tensor x) {
    return x.is_cuda() ? Device.CUDA : x.is_mps() ? Device.MPS : Device.CPU;
  }

  static float[] floats(Tensor x) {
    float[] values = new float[Math.toIntExact(x.numel())];
    if (values.length > 0) {
      onCpu(x, ScalarType.Float).data_ptr_float().get(values);
    }
    return values;
  }

  static long[] longs(Tensor x) {
    long[] values = new long[Math.toIntExact(x.numel())];
    if (values.length > 0) {
      onCpu(x, ScalarType.Long).data_ptr_long().get(values);
    }
    return values;
  }

  static double item(Tensor x) {
    if (x.numel() != 1) {
      throw new IllegalArgumentException("need one element: " + x.numel());
    }
    return onCpu(x, ScalarType.Double).data_ptr_double().get();
  }

  static byte[] bytes(Tensor x, ElementType type) {
    long size = Math.multiplyExact(x.numel(), (long) type.bytes());
    if (size == 0) {
      return new byte[0];
    }
    Tensor laidOut = onCpu(x, scalarType(type));
    return MemorySegment.ofAddress(laidOut.data_ptr().address())
        .reinterpret(size)
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static Tensor onCpu(Tensor x, ScalarType type) {
    return Widened.plain(x).detach().cpu().toType(type).contiguous();
  }

  static org.bytedeco.pytorch.Device deviceHandle(Device device) {
    return new org.bytedeco.pytorch.Device(device.label());
  }

  static ScalarType scalarType(ElementType type) {
    return switch (type) {
      case F64 -> ScalarType.Double;
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case I16 -> ScalarType.Short;
      case I8 -> ScalarType.Char;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  private static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor);
  }

  private static long[] longs(int... values) {
    return LongStream.range(0, values.length).map(i -> values[(int) i]).toArray();
  }
}
