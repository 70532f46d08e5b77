package dev.latente.tensor;

import dev.latente.kernel.MachineCode;
import dev.latente.kernel.RowHalves;
import dev.latente.kernel.ShortCode;
import dev.latente.kernel.ShortRowCode;
import dev.latente.kernel.ShortStripCode;
import dev.latente.kernel.StripHalves;
import dev.latente.kernel.TileNumbers;
import dev.latente.kernel.TileProduct;
import dev.latente.kernel.WeightMatrix.Format;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Products of linear maps by whole numbers of 16 bits, [TileNumbers#SHORTS], for processors with
/// AVX-512 and its VNNI under Linux.
final class NativeShorts implements TileProduct {
  /// What the processor must have beside what [NativeTiles] needs.
  static final String VNNI = "avx512_vnni";

  private final NativeCode product = new NativeCode(ShortCode.bytes(), ShortCode.OPERANDS);
  private final NativeCode rows = new NativeCode(ShortRowCode.bytes(), ShortRowCode.OPERANDS);
  private final Map<Format, NativeCode> strips = new EnumMap<>(Format.class);

  NativeShorts() {
    for (Format format : Format.values()) {
      strips.put(format, new NativeCode(ShortStripCode.of(format), ShortStripCode.OPERANDS));
    }
  }

  /// `code` with these products.
  MachineCode in(MachineCode code) {
    return code.with(TileNumbers.SHORTS, this, this::split, this::split);
  }

  private void split(RowHalves.Job job) {
    rows.run(at -> ShortRowCode.operands(job, at));
  }

  private void split(StripHalves.Job job) {
    Objects.requireNonNull(strips.get(job.format())).run(at -> ShortStripCode.operands(job, at));
  }

  @Override
  public void multiply(Job job) {
    int all = job.steps().length;
    for (int from = 0; from < all; from += ShortCode.STEPS) {
      int first = from;
      int count = Math.min(ShortCode.STEPS, all - from);
      product.run(at -> ShortCode.operands(job, first, count, at));
    }
  }
}
