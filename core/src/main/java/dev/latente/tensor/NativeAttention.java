package dev.latente.tensor;

import dev.latente.kernel.Attention;
import dev.latente.kernel.Kernels;
import org.bytedeco.pytorch.Tensor;

/// Attention by [Attention].
final class NativeAttention {
  private NativeAttention() {}

  /// Whether queries `q` can attend to `k` and `v`, all `[N, heads, …, d]`, this way.
  static boolean suits(Tensor q, Tensor k, Tensor v) {
    return Kernels.wide()
        && q.dim() == 4
        && q.size(3) % Attention.FEATURES == 0
        && fits(q, q)
        && fits(k, q)
        && fits(v, q);
  }

  private static boolean fits(Tensor x, Tensor q) {
    return NativeBlas.plain(x)
        && x.dim() == 4
        && x.numel() > 0
        && x.stride(3) == 1
        && x.size(0) == q.size(0)
        && x.size(1) == q.size(1)
        && x.size(3) == q.size(3);
  }

  /// What each query finds, `[N, heads, L, d]`, laid out as `[N, L, heads, d]`.
  static Tensor attend(Tensor q, Tensor k, Tensor v) {
    Tensor to = NativeBlas.fresh(q.size(0), q.size(2), q.size(1), q.size(3)).transpose(1, 2);
    Attention.Shape shape =
        new Attention.Shape(
            (int) q.size(0), (int) q.size(1), (int) q.size(2), (int) k.size(2), (int) q.size(3));
    Attention.attend(shape, operand(q), operand(k), operand(v), operand(to), Native.threads());
    return to;
  }

  private static Attention.Operand operand(Tensor x) {
    return new Attention.Operand(x.data_ptr().address(), x.stride(0), x.stride(1), x.stride(2));
  }
}
