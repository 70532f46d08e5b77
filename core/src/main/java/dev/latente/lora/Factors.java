package dev.latente.lora;

import dev.latente.tensor.Tensor;
import java.util.Optional;

/// The product of small factors: a matrix `[out, in]`, or a convolution's weight laid flat.
///
/// @param left `[out, rank]`, or `[out, rank, 1, 1]`
/// @param core `[rank, rank, k, k]`, for a convolution taken apart in all its dimensions (Tucker's
///   decomposition, which files call `mid`, `t1` or `t2`)
/// @param right `[rank, in]`, or `[rank, in, k, k]` without a core
public record Factors(Tensor left, Optional<Tensor> core, Tensor right) {
  /// The product of two matrices.
  public static Factors of(Tensor left, Tensor right) {
    return new Factors(left, Optional.empty(), right);
  }

  /// `left · right`, or the sum over both ranks of `left · core · right`: `[out, in·k·k]`.
  public Tensor product() {
    Tensor rows = left.reshape(left.size(0), -1); // [out, rank]
    Tensor columns = right.reshape(right.size(0), -1); // [rank, in·k·k]
    return core.map(middle -> through(middle, rows, columns)).orElseGet(() -> rows.matmul(columns));
  }

  private static Tensor through(Tensor core, Tensor rows, Tensor columns) {
    long out = rows.size(0);
    long in = columns.size(1);
    long rank = core.size(1);
    Tensor first = rows.matmul(core.reshape(core.size(0), -1)); // [out, rank·k·k]
    return first
        .reshape(out, rank, -1)
        .transpose(1, 2) // [out, k·k, rank]
        .matmul(columns) // [out, k·k, in]
        .transpose(1, 2)
        .reshape(out, in * (core.count() / (core.size(0) * rank)));
  }
}
