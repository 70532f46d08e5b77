package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.MachineCode;
import dev.latente.kernel.RowCode;
import dev.latente.kernel.ScoreCode;
import dev.latente.kernel.StripCode;
import dev.latente.kernel.TileCode;
import dev.latente.kernel.TileProduct;
import dev.latente.kernel.TileShape;
import dev.latente.kernel.TurnCode;
import dev.latente.kernel.WeightMatrix.Format;
import dev.latente.kernel.WinogradCode;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// Products of bf16 with sums in f32 by the processor's unit for tiles, where it has one and Linux
/// lets this process use it, and the rest of [MachineCode].
///
/// On a processor without AMX it is not used: three of these products would take longer than one in
/// f32.
final class NativeTiles implements TileProduct {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final List<String> NEEDED = List.of("amx_tile", "amx_bf16", "avx512f", "avx512bw");

  // From asm/unistd_64.h and asm/prctl.h of Linux: leave to use a part of the processor's state,
  // which is kept for a process only if it asks.
  private static final long ARCH_PRCTL = 158;
  private static final long ASK = 0x1023;
  private static final long TILE_DATA = 18;

  private static final Optional<NativeTiles> HERE = find();

  private final Map<TileShape, NativeCode> products;
  private final MachineCode code;

  private NativeTiles() {
    products = codes(TileShape.class, TileCode::of, TileCode.OPERANDS);
    NativeCode rows = new NativeCode(RowCode.bytes(), RowCode.OPERANDS);
    NativeCode scores = new NativeCode(ScoreCode.bytes(), ScoreCode.OPERANDS);
    Map<Format, NativeCode> strips = codes(Format.class, StripCode::of, StripCode.OPERANDS);
    Map<Format, NativeCode> turn = codes(Format.class, TurnCode::of, TurnCode.OPERANDS);
    Map<Format, NativeCode> winograd = codes(Format.class, WinogradCode::of, WinogradCode.OPERANDS);
    code =
        new MachineCode(
            this,
            job -> rows.run(at -> RowCode.operands(job, at)),
            job -> scores.run(at -> ScoreCode.operands(job, at)),
            new NativeHeads(),
            job -> of(strips, job.format()).run(at -> StripCode.operands(job, at)),
            job -> of(turn, job.format()).run(at -> TurnCode.operands(job, at)),
            job -> of(winograd, job.format()).run(at -> WinogradCode.operands(job, at)),
            new NativeOutputs(),
            new NativeNormSteps(),
            new NativePixels());
  }

  private static <T extends Enum<T>> Map<T, NativeCode> codes(
      Class<T> type, Function<T, byte[]> code, int operands) {
    Map<T, NativeCode> all = new EnumMap<>(type);
    for (T which : type.getEnumConstants()) {
      all.put(which, new NativeCode(code.apply(which), operands));
    }
    return all;
  }

  private static <T> NativeCode of(Map<T, NativeCode> codes, T which) {
    return Objects.requireNonNull(codes.get(which));
  }

  /// The unit of this machine, if it has one that can be used.
  static Optional<NativeTiles> here() {
    return HERE;
  }

  /// All that goes this way.
  MachineCode code() {
    return code;
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
    try {
      return Optional.of(new NativeTiles());
    } catch (UnsupportedOperationException _) {
      return Optional.empty(); // Linux forbids some of it
    }
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
    NativeCode product = of(products, job.shape());
    int all = job.steps().length;
    for (int from = 0; from < all; from += TileCode.STEPS) {
      int first = from;
      int count = Math.min(TileCode.STEPS, all - from);
      product.run(at -> TileCode.operands(job, first, count, at));
    }
  }
}
