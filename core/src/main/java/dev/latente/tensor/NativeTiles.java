package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.latente.kernel.FusedCode;
import dev.latente.kernel.Kernels;
import dev.latente.kernel.MachineCode;
import dev.latente.kernel.RowCode;
import dev.latente.kernel.ScoreCode;
import dev.latente.kernel.StripCode;
import dev.latente.kernel.TileCode;
import dev.latente.kernel.TileNumbers;
import dev.latente.kernel.TileProduct;
import dev.latente.kernel.TileShape;
import dev.latente.kernel.TiledAffine;
import dev.latente.kernel.TurnCode;
import dev.latente.kernel.WeightMatrix.Format;
import dev.latente.kernel.WinogradCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// Products of matrices and the rest of [MachineCode], for processors with AVX-512 under Linux.
///
/// Where the processor has a unit for tiles (Intel's AMX) and Linux lets this process use it,
/// products are of bf16 with sums in f32; elsewhere they are of f32, as three of bf16 by vectors
/// would take longer, and those of linear maps and attention of [NativeShorts].
final class NativeTiles implements TileProduct {
  private static final List<String> VECTORS = List.of("avx512f", "avx512bw");
  private static final List<String> TILES = List.of("amx_tile", "amx_bf16");

  // From asm/unistd_64.h and asm/prctl.h of Linux: leave to use a part of the processor's state,
  // which is kept for a process only if it asks.
  private static final long ARCH_PRCTL = 158;
  private static final long ASK = 0x1023;
  private static final long TILE_DATA = 18;

  // Below so many multiplications for a picture nobody waits for them, and small models keep all
  // digits. What a picture becomes does not depend on how many are made together.
  private static final long LEAST_OF_SHORTS = 1L << 23;

  private static final Optional<NativeTiles> HERE = find();

  private final TileNumbers form;
  private final Map<TileShape, NativeCode> products;
  private final MachineCode code;
  private final Optional<MachineCode> shorts;

  /// @param form of the numbers that are multiplied
  /// @param shorts whether the processor multiplies such numbers, too
  NativeTiles(TileNumbers form, boolean shorts) {
    this.form = form;
    products =
        form == TileNumbers.HALVES
            ? codes(TileShape.class, TileCode::of, TileCode.OPERANDS)
            : codes(TileShape.class, FusedCode::of, FusedCode.OPERANDS);
    NativeCode rows = new NativeCode(RowCode.of(form), RowCode.OPERANDS);
    NativeCode scores = new NativeCode(ScoreCode.bytes(), ScoreCode.OPERANDS);
    Map<Format, NativeCode> strips =
        codes(Format.class, format -> StripCode.of(format, form), StripCode.OPERANDS);
    Map<Format, NativeCode> turn = codes(Format.class, TurnCode::of, TurnCode.OPERANDS);
    Map<Format, NativeCode> winograd =
        codes(Format.class, format -> WinogradCode.of(format, form), WinogradCode.OPERANDS);
    code =
        new MachineCode(
            form,
            this,
            job -> rows.run(at -> RowCode.operands(job, at)),
            job -> scores.run(at -> ScoreCode.operands(job, at)),
            new NativeHeads(form),
            new NativeLanes(),
            job -> of(strips, job.format()).run(at -> StripCode.operands(job, at)),
            job -> of(turn, job.format()).run(at -> TurnCode.operands(job, at)),
            job -> of(winograd, job.format()).run(at -> WinogradCode.operands(job, at)),
            new NativeOutputs(),
            new NativeNormSteps(),
            new NativePixels(form));
    this.shorts = shorts ? Optional.of(new NativeShorts().in(code)) : Optional.empty();
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

  /// What this machine has.
  static Optional<NativeTiles> here() {
    return HERE;
  }

  /// All that goes this way.
  MachineCode code() {
    return code;
  }

  /// What linear maps of rows of `depth` numbers go by.
  ///
  /// @param multiplications of one, for a picture
  MachineCode code(int depth, long multiplications) {
    return TiledAffine.suitsShorts(depth) ? code(multiplications) : code;
  }

  /// What attention goes by.
  ///
  /// @param multiplications of its scores, for a picture
  MachineCode code(long multiplications) {
    return shorts
        .filter(_ -> multiplications >= LEAST_OF_SHORTS && Acceleration.shorts())
        .orElse(code);
  }

  /// What numbers become, if the processor can multiply this way at all.
  static Optional<TileNumbers> form(CpuInfo processor) {
    if (!processor.has(VECTORS)) {
      return Optional.empty();
    }
    return Optional.of(processor.has(TILES) ? TileNumbers.HALVES : TileNumbers.WHOLE);
  }

  private static Optional<NativeTiles> find() {
    if (!Kernels.wide()) {
      return Optional.empty();
    }
    try {
      return form(CpuInfo.read())
          .map(form -> form == TileNumbers.WHOLE || granted() ? form : TileNumbers.WHOLE)
          .map(form -> new NativeTiles(form, form == TileNumbers.WHOLE && multipliesShorts()));
    } catch (UnsupportedOperationException _) {
      return Optional.empty(); // Linux forbids some of it
    }
  }

  private static boolean multipliesShorts() {
    return CpuInfo.read().has(List.of(NativeShorts.VNNI));
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
    boolean halves = form == TileNumbers.HALVES;
    int most = halves ? TileCode.STEPS : FusedCode.STEPS;
    int all = job.steps().length;
    int each = Math.ceilDiv(all, Math.ceilDiv(all, most));
    for (int from = 0; from < all; from += each) {
      int first = from;
      int count = Math.min(each, all - from);
      if (halves) {
        product.run(at -> TileCode.operands(job, first, count, at));
      } else {
        product.run(at -> FusedCode.operands(job, first, count, at));
      }
    }
  }
}
