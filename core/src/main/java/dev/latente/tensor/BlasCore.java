package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.List;
import java.util.Optional;

/// Tells OpenBLAS which processor's kernels to use where it would not know the processor.
///
/// OpenBLAS 0.3.31 takes AMD's Zen 5 for a processor without AVX-512 and then reaches half of what
/// its kernels for Intel's Skylake reach there. It reads an environment variable while it is
/// loaded.
final class BlasCore {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final String VENDOR = "AuthenticAMD";

  // What OpenBLAS's kernels for Skylake are compiled for: -march=skylake-avx512.
  private static final List<String> NEEDED =
      List.of("avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd");

  private BlasCore() {}

  /// Must be called before OpenBLAS is loaded. What the user has set stays.
  static void choose(CpuInfo processors) {
    name(processors).ifPresent(BlasCore::set);
  }

  /// The kernels to use, if not OpenBLAS's choice.
  static Optional<String> name(CpuInfo processors) {
    return processors.isOf(VENDOR) && processors.has(NEEDED)
        ? Optional.of("SKYLAKEX")
        : Optional.empty();
  }

  @SuppressWarnings("restricted")
  private static void set(String kernels) {
    Linker linker = Linker.nativeLinker();
    var setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int unlessSet = 0;
      int _ =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom(VARIABLE), arena.allocateFrom(kernels), unlessSet);
    } catch (Throwable e) {
      throw new IllegalStateException("setenv failed", e);
    }
  }
}
