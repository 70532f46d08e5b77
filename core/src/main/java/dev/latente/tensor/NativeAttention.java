package dev.latente.tensor;

import dev.latente.kernel.Attention;
import dev.latente.kernel.Kernels;
import dev.latente.kernel.TiledAttention;
import org.bytedeco.pytorch.Tensor;

/// Attention by [TiledAttention] or [Attention].
final class NativeAttention {
  // With fewer keys laying them out takes longer than what the products save.
  private static final int LEAST_KEYS = 32;

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
    boolean large = k.size(2) >= LEAST_KEYS && k.size(3) >= TiledAttention.LEAST_FEATURES;
    var tiles = NativeTiles.here().filter(_ -> large);
    return tiles.isPresent() ? tiled(tiles.get(), q, k, v) : lanes(q, k, v);
  }

  static Tensor lanes(Tensor q, Tensor k, Tensor v) {
    Tensor to = like(q);
    Attention.attend(
        shape(q, k), operand(q), operand(k), operand(v), operand(to), Native.threads());
    return to;
  }

  static Tensor tiled(NativeTiles tiles, Tensor q, Tensor k, Tensor v) {
    Tensor to = like(q);
    long multiplications = q.numel() / q.size(0) * k.size(2);
    TiledAttention.attend(
        shape(q, k),
        operand(q),
        operand(k),
        operand(v),
        operand(to),
        tiles.code(multiplications),
        Native.threads());
    return to;
  }

  private static Tensor like(Tensor q) {
    return NativeBlocks.fresh(q.size(0), q.size(2), q.size(1), q.size(3)).transpose(1, 2);
  }

  private static Attention.Shape shape(Tensor q, Tensor k) {
    return new Attention.Shape(
        (int) q.size(0), (int) q.size(1), (int) q.size(2), (int) k.size(2), (int) q.size(3));
  }

  private static Attention.Operand operand(Tensor x) {
    return new Attention.Operand(x.data_ptr().address(), x.stride(0), x.stride(1), x.stride(2));
  }
}
