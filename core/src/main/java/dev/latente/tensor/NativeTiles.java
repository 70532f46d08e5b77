package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.TileProduct;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/// oneDNN's product of bf16 matrices with sums in f32, as libtorch has it for kernels of its own:
/// [`at::native::cpublas::brgemm`](https://github.com/pytorch/pytorch/blob/v2.10.0/aten/src/ATen/native/CPUBlas.h).
///
/// No operation of libtorch gives sums of such products unrounded. On a processor without AMX it is
/// not used: three of these products would take longer than one in f32.
final class NativeTiles implements TileProduct {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final List<String> NEEDED = List.of("amx_tile", "amx_bf16", "avx512f");

  // The names are those that compilers on Linux give to functions in C++.
  private static final String MULTIPLY =
      "_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb";
  private static final String RELEASE = "_ZN2at6native7cpublas14brgemm_releaseEb";
  private static final String SUITS = "_ZN2at6native7cpublas10could_packEN3c1010ScalarTypeE";

  private static final Optional<NativeTiles> HERE = find();

  private final MethodHandle multiply;
  private final MethodHandle release;

  private NativeTiles(MethodHandle multiply, MethodHandle release) {
    this.multiply = multiply;
    this.release = release;
  }

  /// The unit of this machine, if it has one that libtorch can use.
  static Optional<NativeTiles> here() {
    return HERE;
  }

  /// Whether Linux says in `lines` that the processor has what is needed.
  static boolean has(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .filter(line -> List.of(line.split("\\s+")).containsAll(NEEDED))
        .isPresent();
  }

  private static Optional<NativeTiles> find() {
    try {
      if (!Kernels.wide() || !has(Files.readAllLines(PROCESSORS))) {
        return Optional.empty();
      }
    } catch (IOException _) {
      return Optional.empty(); // not Linux
    }
    Loader.load(torch.class); // functions are only found in libraries that are there
    var multiply =
        function(
            MULTIPLY,
            FunctionDescriptor.ofVoid(
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_BOOLEAN,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_BOOLEAN));
    var release = function(RELEASE, FunctionDescriptor.ofVoid(JAVA_BOOLEAN));
    var suits = function(SUITS, FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_BYTE));
    return multiply.isPresent()
            && release.isPresent()
            && suits.filter(NativeTiles::packs).isPresent()
        ? Optional.of(new NativeTiles(multiply.get(), release.get()))
        : Optional.empty();
  }

  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> function(String name, FunctionDescriptor type) {
    return SymbolLookup.loaderLookup()
        .find(name)
        .map(address -> Linker.nativeLinker().downcallHandle(address, type));
  }

  private static boolean packs(MethodHandle suits) {
    try {
      return (boolean) suits.invokeExact(torch.ScalarType.BFloat16.value);
    } catch (Throwable e) {
      throw new IllegalStateException("could_pack failed", e);
    }
  }

  @Override
  public void multiply(
      int rows, int columns, int depth, int stride, long a, long b, long y, boolean add) {
    boolean pairs = true;
    try {
      multiply.invokeExact(
          (long) rows,
          (long) columns,
          (long) depth,
          (long) stride,
          (long) columns,
          (long) columns,
          add,
          a,
          b,
          y,
          pairs);
    } catch (Throwable e) {
      throw new IllegalStateException("brgemm failed", e);
    }
  }

  @Override
  public void release() {
    try {
      release.invokeExact(true);
    } catch (Throwable e) {
      throw new IllegalStateException("brgemm_release failed", e);
    }
  }
}
