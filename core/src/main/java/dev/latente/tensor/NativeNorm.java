package dev.latente.tensor;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.Norm;
import dev.latente.kernel.NormSteps;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Group normalization by [Norm], with or without SiLU; results lie channels last, and a map that
/// does not is laid out so before, as convolutions would do it after. Norms alone are no faster
/// than libtorch's, but the same with any number of threads, which libtorch's are not: it adds up
/// the pixels of a large map thread by thread.
final class NativeNorm {
  // With fewer numbers a call into libtorch costs as little.
  private static final int LEAST = 1 << 12;

  private NativeNorm() {}

  /// How a map is normalized.
  ///
  /// @param groups of channels
  /// @param weight scale of each channel, `[C]`
  /// @param bias shift of each channel, `[C]`
  /// @param epsilon added to each variance
  record Form(int groups, Tensor weight, Tensor bias, double epsilon) {
    /// The same, through which no gradient flows.
    Form detached() {
      return new Form(groups, weight.detach(), bias.detach(), epsilon);
    }
  }

  /// Whether `x` `[N, C, H, W]` can be normalized this way, and it pays.
  static boolean suits(Tensor x, Form form) {
    return suitsMap(x)
        && x.size(1) % form.groups == 0
        && fits(form.weight, x.size(1))
        && fits(form.bias, x.size(1));
  }

  /// Whether the channels of `x` can be scaled by `scale` and `shift`, and it pays.
  static boolean suits(Tensor x, Tensor scale, Tensor shift) {
    long numbers = x.size(0) * x.size(1);
    return suitsMap(x) && fits(scale, numbers) && fits(shift, numbers);
  }

  private static boolean suitsMap(Tensor x) {
    return Kernels.available()
        && x.dim() == 4
        && x.size(1) % Norm.LANES == 0
        && x.numel() >= LEAST
        && NativeBlas.plain(x);
  }

  private static boolean fits(Tensor numbers, long count) {
    return NativeBlas.plain(numbers) && numbers.numel() == count && numbers.is_contiguous();
  }

  /// `x` normalized.
  ///
  /// @param silu whether the SiLU is taken then
  /// @param over whether the result is written over `x`
  static Tensor normalized(Tensor x, Form form, boolean silu, boolean over) {
    return normalized(x, form, silu, over, steps());
  }

  static Tensor normalized(Tensor x, Form form, boolean silu, boolean over, NormSteps with) {
    Tensor laidOut = Native.channelsLast(x);
    Tensor y = over || !isLaidOut(x) ? laidOut : like(x);
    Norm.normalize(
        size(x, form.groups),
        laidOut.data_ptr().address(),
        new Norm.Form(
            form.weight.data_ptr().address(), form.bias.data_ptr().address(), form.epsilon, silu),
        y.data_ptr().address(),
        with,
        Native.threads());
    return y;
  }

  /// `silu(x · scale + shift)` of each channel of each sample.
  static Tensor scaled(Tensor x, Tensor scale, Tensor shift, boolean over) {
    Tensor laidOut = Native.channelsLast(x);
    Tensor y = over || !isLaidOut(x) ? laidOut : like(x);
    Tensor flat = scale.view(x.size(0), x.size(1));
    Tensor lines = torch.stack(new TensorVector(flat, shift.view_as(flat)), 1); // [N, 2, C]
    Norm.scale(
        size(x, 1),
        laidOut.data_ptr().address(),
        lines.data_ptr().address(),
        y.data_ptr().address(),
        steps(),
        Native.threads());
    return y;
  }

  /// How to walk over pixels: by machine code where the processor has what that needs.
  static NormSteps steps() {
    return NativeTiles.here().map(tiles -> tiles.code().norms()).orElse(NormSteps.LOOPS);
  }

  private static boolean isLaidOut(Tensor x) {
    return x.is_contiguous(torch.MemoryFormat.ChannelsLast);
  }

  private static Tensor like(Tensor x) {
    return NativeBlocks.fresh(x.size(0), x.size(2), x.size(3), x.size(1)).permute(0, 3, 1, 2);
  }

  static Norm.Size size(Tensor x, int groups) {
    return new Norm.Size(
        (int) x.size(0), Math.toIntExact(x.size(2) * x.size(3)), (int) x.size(1), groups);
  }
}
