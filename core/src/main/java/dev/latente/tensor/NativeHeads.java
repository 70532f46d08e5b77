package dev.latente.tensor;

import dev.latente.kernel.FoundCode;
import dev.latente.kernel.HeadVectors;
import dev.latente.kernel.KeyCode;
import dev.latente.kernel.QueryCode;

/// Queries, keys and results of attention by machine code.
final class NativeHeads implements HeadVectors {
  private final NativeCode keys = new NativeCode(KeyCode.bytes(), KeyCode.OPERANDS);
  private final NativeCode queries = new NativeCode(QueryCode.bytes(), QueryCode.OPERANDS);
  private final NativeCode results = new NativeCode(FoundCode.bytes(), FoundCode.OPERANDS);

  @Override
  public void keys(Keys job) {
    keys.run(at -> KeyCode.operands(job, at));
  }

  @Override
  public void queries(Queries job) {
    queries.run(at -> QueryCode.operands(job, at));
  }

  @Override
  public void results(Results job) {
    results.run(at -> FoundCode.operands(job, at));
  }
}
