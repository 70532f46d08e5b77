package dev.latente.nn;

import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/// What is done with the first dimension of tensors, their rows.
public final class Rows {
  private Rows() {}

  /// `rows` `[N, ...]` with each row `count` times, one after the other: `[N · count, ...]`.
  public static Tensor each(Tensor rows, int count) {
    if (count == 1) {
      return rows;
    }
    long[] shape = rows.shape();
    long[] apart =
        LongStream.concat(LongStream.of(shape[0], 1), LongStream.of(shape).skip(1)).toArray();
    long[] wide = apart.clone();
    wide[1] = count;
    shape[0] *= count;
    return rows.reshape(apart).expand(wide).reshape(shape);
  }

  /// `rows` `[N, ...]` again and again, until there are `count`, a multiple of N; as they are if
  /// there are as many.
  public static Tensor repeated(Tensor rows, long count) {
    if (rows.size(0) >= count) {
      return rows;
    }
    Tensor[] copies = new Tensor[Math.toIntExact(count / rows.size(0))];
    Arrays.fill(copies, rows);
    return Tensor.concat(0, copies);
  }
}
