package dev.latente.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The calls into libtorch that training needs: gradients, and changes in place.
final class NativeTraining {
  private NativeTraining() {}

  /// Makes `leaf` a trainable window into `values`, its gradient a window into `gradients`.
  static void adopt(Tensor leaf, Tensor values, Tensor gradients) {
    Tensor window = values.reshape(Native.shape(leaf));
    window.copy_(leaf);
    leaf.__dispatch_set_data(window);
    leaf.set_requires_grad(true);
    leaf.mutable_grad().put(gradients.reshape(Native.shape(leaf)));
  }

  static void backward(Tensor loss) {
    loss.backward();
  }

  static void fill(Tensor x, double value) {
    try (Native.Frame _ = Native.Frame.open()) {
      x.fill_(new Scalar(value));
    }
  }

  static void scale(Tensor x, double factor) {
    try (Native.Frame _ = Native.Frame.open()) {
      x.mul_(new Scalar(factor));
    }
  }

  static void copy(Tensor to, Tensor from) {
    try (Native.Frame _ = Native.Frame.open()) {
      to.copy_(from);
    }
  }

  static void lerp(Tensor x, Tensor end, double weight) {
    x.lerp_(end, new Scalar(weight));
  }

  /// The numbers of one step of [AdamW]; the corrections undo the means' start at zero.
  record AdamStep(
      double rate,
      double beta1,
      double beta2,
      double epsilon,
      double decay,
      double correction1,
      double correction2) {}

  static void adamW(Tensor x, Tensor g, Tensor m, Tensor v, Tensor decays, AdamStep step) {
    m.lerp_(g, new Scalar(1 - step.beta1));
    v.mul_(new Scalar(step.beta2)).addcmul_(g, g, new Scalar(1 - step.beta2));
    Tensor root =
        v.sqrt().mul_(new Scalar(1 / Math.sqrt(step.correction2))).add_(new Scalar(step.epsilon));
    x.addcmul_(x, decays, new Scalar(-step.decay));
    x.addcdiv_(m, root, new Scalar(-step.rate / step.correction1));
  }

  /// Whether a processor computes products with `x` in bf16, which [Autocast] makes it do.
  static boolean inBrainFloats(Tensor x) {
    return x.is_cpu() && x.scalar_type().value == torch.ScalarType.BFloat16.value;
  }

  /// As [Native#attention], by products of whole matrices.
  ///
  /// The gradients of libtorch's own attention in bf16 take a third of a training step: it
  /// multiplies blocks with a plain loop. Products of whole matrices use the processor's bf16
  /// instructions.
  static Tensor attention(Tensor q, Tensor k, Tensor v) {
    double scale = 1 / Math.sqrt(q.size(-1));
    Tensor scores = q.mul(new Scalar(scale)).matmul(k.transpose(-2, -1));
    return scores.softmax(-1).matmul(v);
  }

  static void autocast(Device device, Precision precision) {
    var type = Native.deviceHandle(device).type();
    boolean enabled = precision != Precision.F32;
    if (enabled) {
      torch.set_autocast_dtype(type, Native.scalarType(precision.elementType()));
    }
    torch.set_autocast_enabled(type, enabled);
    if (!enabled) {
      torch.clear_cache();
    }
  }
}
