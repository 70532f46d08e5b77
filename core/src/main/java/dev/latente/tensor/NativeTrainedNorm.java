package dev.latente.tensor;

import dev.latente.kernel.Norm;
import dev.latente.kernel.NormGradient;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Group normalization by [Norm] with the gradient of [NormGradient]. libtorch's own, of maps that
/// lie channels last, goes number by number where a group has few channels.
final class NativeTrainedNorm {
  private NativeTrainedNorm() {}

  /// Whether a gradient flows through the norm of `x` `[N, C, H, W]`, and it can be had this way.
  static boolean suits(Tensor x, NativeNorm.Form form) {
    boolean flows =
        x.requires_grad() || form.weight().requires_grad() || form.bias().requires_grad();
    return flows && NativeNorm.suits(x.detach(), form.detached());
  }

  /// `x` normalized, with the SiLU or without.
  static Tensor normalized(Tape tape, Tensor x, NativeNorm.Form form, boolean silu) {
    Tensor map = Native.channelsLast(x.detach());
    Tensor weight = form.weight().detach();
    Tensor bias = form.bias().detach();
    Norm.Size size = NativeNorm.size(map, form.groups());
    Tensor units = units(map, size, form.epsilon()); // [N, 2, C]
    Tensor factors = units.select(1, 0).mul(weight); // [N, C]
    Tensor shifts = units.select(1, 1).mul(weight).add(bias);
    Tensor lines = torch.stack(new TensorVector(factors, shifts), 1);
    Tensor y = torch.empty_like(map);
    Norm.scale(
        size, address(map), address(lines), silu, address(y), NativeNorm.steps(), Native.threads());
    NormGradient.Done done =
        new NormGradient.Done(
            size, address(map), address(units), address(weight), address(bias), silu);
    return NativeGradient.attach(
        tape,
        y,
        dy -> derivatives(done, map, dy),
        List.of(map, units, weight, bias),
        x,
        form.weight(),
        form.bias());
  }

  /// What brings each channel of each sample to mean 0 and variance 1: factors and shifts.
  private static Tensor units(Tensor x, Norm.Size size, double epsilon) {
    Tensor units = NativeBlocks.fresh(x.size(0), 2, x.size(1));
    Tensor one = torch.ones(x.size(1));
    Tensor zero = torch.zeros(x.size(1));
    Norm.measure(
        size,
        address(x),
        new Norm.Form(address(one), address(zero), epsilon, false),
        address(units),
        NativeNorm.steps(),
        Native.threads());
    return units;
  }

  private static Tensor[] derivatives(NormGradient.Done done, Tensor x, Tensor dy) {
    Tensor given = Native.channelsLast(dy);
    Tensor dx = torch.empty_like(x);
    Tensor weight = NativeBlocks.fresh(x.size(1));
    Tensor bias = NativeBlocks.fresh(x.size(1));
    NormGradient.find(
        done,
        address(given),
        new NormGradient.Derivatives(address(dx), address(weight), address(bias)),
        Native.threads());
    return new Tensor[] {dx, weight, bias};
  }

  private static long address(Tensor x) {
    return x.data_ptr().address();
  }
}
