package dev.latente.tensor;

/// How much arithmetic an operation is, by the shapes of its operands and of its result.
final class OperationWork {
  private OperationWork() {}

  /// Pixels of a map `[N, C, H, W]`, tokens of a sequence `[N, L, D]` or of heads' `[N, heads, L,
  /// d]`; 1 for rows `[N, D]`, 0 for weights.
  static long positions(OperationKind kind, org.bytedeco.pytorch.Tensor result) {
    return switch (kind) {
      case WIDENING, REST -> 0;
      case SELF_ATTENTION, CROSS_ATTENTION -> result.size(-2);
      case CONVOLUTION, LINEAR, NORM, ACTIVATION ->
          switch ((int) result.dim()) {
            case 4 -> result.size(2) * result.size(3);
            case 3 -> result.size(1);
            default -> 1;
          };
    };
  }

  /// Multiplications and additions of the textbook's way.
  static double flops(
      OperationKind kind, String name, org.bytedeco.pytorch.Tensor result, Tensor... operands) {
    double numbers = result.numel();
    return switch (kind) {
      case CONVOLUTION -> {
        Tensor weight = operands[1]; // [Cout, Cin, k, k]
        yield 2 * numbers * weight.size(1) * weight.size(2) * weight.size(3);
      }
      case LINEAR -> // [out, in] or [out, in, 1, 1]; geglu has a gate for each number
          (name.equals("geglu") ? 4 : 2) * numbers * operands[1].size(1);
      case SELF_ATTENTION, CROSS_ATTENTION -> {
        Tensor keys = operands[1]; // [N, heads, S, d]; as many again for the values
        yield 4 * numbers * keys.size(-2);
      }
      case REST -> name.equals("matmul") ? 2 * numbers * operands[0].size(-1) : 0;
      case NORM, ACTIVATION, WIDENING -> 0;
    };
  }
}
