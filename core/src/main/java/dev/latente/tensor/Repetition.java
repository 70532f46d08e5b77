package dev.latente.tensor;

import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Rows that repeat: what is made of each row alone is then made of the first ones only.
public final class Repetition {
  private Repetition() {}

  /// How many first rows of all `tensors` `[N, …]` the rows behind them repeat, again and again, to
  /// the bit: a divisor of N, N if there are no such. It is only found in a processor's memory.
  public static long period(Tensor... tensors) {
    long rows = tensors[0].size(0);
    if (rows == 1 || Stream.of(tensors).anyMatch(each -> each.device() != Device.CPU)) {
      return rows;
    }
    float[][] all = Stream.of(tensors).map(Tensor::toFloatArray).toArray(float[][]::new);
    return LongStream.range(1, rows)
        .filter(count -> rows % count == 0)
        .filter(count -> Stream.of(all).allMatch(each -> repeats(each, count, rows)))
        .findFirst()
        .orElse(rows);
  }

  private static boolean repeats(float[] numbers, long count, long rows) {
    int first = Math.toIntExact(numbers.length / rows * count);
    return Arrays.equals(numbers, first, numbers.length, numbers, 0, numbers.length - first);
  }
}
