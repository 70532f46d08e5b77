package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.TileCode;
import dev.latente.kernel.TileProduct;
import dev.latente.kernel.TileShape;
import dev.latente.kernel.TiledAttention;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Products of bf16 with sums in f32 by the processor's unit for tiles, where it has one and Linux
/// lets this process use it: [TileCode] in pages of its own.
///
/// On a processor without AMX it is not used: three of these products would take longer than one in
/// f32.
final class NativeTiles implements TileProduct {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final List<String> NEEDED = List.of("amx_tile", "amx_bf16", "avx512f");

  // From asm/unistd_64.h and asm/prctl.h of Linux: leave to use a part of the processor's state,
  // which is kept for a process only if it asks.
  private static final long ARCH_PRCTL = 158;
  private static final long ASK = 0x1023;
  private static final long TILE_DATA = 18;

  private static final Optional<NativeTiles> HERE = find();

  private static final ThreadLocal<MemorySegment> OPERANDS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(TileCode.OPERANDS, 64));

  private final Map<TileShape, MethodHandle> functions;

  private final NativeScores scores;

  private NativeTiles(Map<TileShape, MethodHandle> functions, NativeScores scores) {
    this.functions = functions;
    this.scores = scores;
  }

  /// The unit of this machine, if it has one that can be used.
  static Optional<NativeTiles> here() {
    return HERE;
  }

  /// What attention is made by.
  TiledAttention.Unit attention() {
    return new TiledAttention.Unit(this, scores);
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
      if (!Kernels.wide() || !has(Files.readAllLines(PROCESSORS)) || !granted()) {
        return Optional.empty();
      }
    } catch (IOException _) {
      return Optional.empty(); // not Linux
    }
    Map<TileShape, MethodHandle> functions = new EnumMap<>(TileShape.class);
    for (TileShape shape : TileShape.values()) {
      NativePages.ofCode(TileCode.of(shape))
          .ifPresent(pages -> functions.put(shape, pages.function()));
    }
    boolean all = functions.size() == TileShape.values().length;
    return NativeScores.make().filter(_ -> all).map(scores -> new NativeTiles(functions, scores));
  }

  @SuppressWarnings("restricted") // it takes numbers
  private static boolean granted() {
    Linker linker = Linker.nativeLinker();
    MethodHandle call =
        linker.downcallHandle(
            linker.defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try {
      return (long) call.invokeExact(ARCH_PRCTL, ASK, TILE_DATA) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("arch_prctl cannot be called", e);
    }
  }

  @Override
  public void multiply(Job job) {
    MethodHandle function = Objects.requireNonNull(functions.get(job.shape()));
    MemorySegment operands = OPERANDS.get();
    int all = job.steps().length;
    for (int from = 0; from < all; from += TileCode.STEPS) {
      TileCode.operands(job, from, Math.min(TileCode.STEPS, all - from), operands.address());
      try {
        function.invokeExact(operands.address());
      } catch (Throwable e) {
        throw new IllegalStateException("a product of tiles failed", e);
      }
    }
  }
}
