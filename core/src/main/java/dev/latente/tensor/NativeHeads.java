package dev.latente.tensor;

import dev.latente.kernel.FoundCode;
import dev.latente.kernel.HeadVectors;
import dev.latente.kernel.KeyCode;
import dev.latente.kernel.QueryCode;
import dev.latente.kernel.TileNumbers;

/// Queries, keys and results of attention by machine code.
final class NativeHeads implements HeadVectors {
  private final TileNumbers form;
  private final NativeCode keys;
  private final NativeCode queries;
  private final NativeCode results = new NativeCode(FoundCode.bytes(), FoundCode.OPERANDS);

  NativeHeads(TileNumbers form) {
    this.form = form;
    keys = new NativeCode(KeyCode.bytes(), KeyCode.OPERANDS);
    queries = new NativeCode(QueryCode.of(form), QueryCode.OPERANDS);
  }

  @Override
  public void keys(Keys job) {
    keys.run(at -> KeyCode.operands(job, at));
  }

  @Override
  public void queries(Queries job) {
    queries.run(at -> QueryCode.operands(job, form, at));
  }

  @Override
  public void results(Results job) {
    results.run(at -> FoundCode.operands(job, at));
  }
}
