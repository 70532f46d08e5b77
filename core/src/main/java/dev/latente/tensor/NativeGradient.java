package dev.latente.tensor;

import java.util.List;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.FunctionPostHook;
import org.bytedeco.pytorch.FunctionPreHook;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// A gradient of our own in libtorch's graph.
///
/// The binding has no node of a graph that Java could implement. So one of libtorch's own, of an
/// operation on three numbers, is led to the true operands; a hook before it takes the derivatives
/// by the result away, and a hook behind it, where libtorch checks shapes no more, gives those by
/// the operands.
final class NativeGradient {
  private static final int OPERANDS = 3; // of addcmul

  private final Before before = new Before();
  private final After after = new After();
  private final Tape tape;
  private final Backward backward;
  private List<Tensor> saved;
  private @Nullable TensorVector given;

  /// Finds the derivatives by the operands, in their order.
  interface Backward {
    /// The derivatives by the operands.
    ///
    /// @param dy derivatives by the result, with its shape
    /// @return one for each operand; what stands for one that needs none is ignored
    Tensor[] derivatives(Tensor dy);
  }

  private NativeGradient(Tape tape, Backward backward, List<Tensor> saved) {
    this.tape = tape;
    this.backward = backward;
    this.saved = saved;
    saved.forEach(Tensor::retainReference);
  }

  /// Makes `y` the result of an operation on `operands`, at most three, and returns it.
  ///
  /// @param y without a gradient
  /// @param saved what `backward` uses; it is kept until then, or until the tape closes
  static Tensor attach(
      Tape tape, Tensor y, Backward backward, List<Tensor> saved, Tensor... operands) {
    NativeGradient gradient = new NativeGradient(tape, backward, saved);
    tape.keep(gradient);
    try (Native.Frame _ = Native.Frame.open()) {
      Node node = torch.addcmul(number(), number(), number()).grad_fn();
      for (int i = 0; i < OPERANDS; i++) {
        boolean needed = i < operands.length && operands[i].requires_grad();
        node.set_next_edge(i, needed ? edge(operands[i]) : new Edge());
      }
      node.clear_input_metadata();
      node.add_pre_hook(gradient.before);
      node.add_post_hook(gradient.after);
      torch.create_gradient_edge(y, node);
    }
    return y;
  }

  private static Tensor number() {
    return torch.zeros(1).requires_grad_(true);
  }

  /// Where the derivatives by `x` go.
  private static Edge edge(Tensor x) {
    return x.alias().grad_fn().next_edge(0);
  }

  /// Lets go of what was saved.
  void forget() {
    saved.forEach(Tensor::releaseReference);
    saved = List.of();
  }

  /// Lets go of the derivatives that were given.
  void copied() {
    if (given != null) {
      given.deallocate();
      given = null;
    }
  }

  /// Keeps the derivatives by the result, and gives the node none.
  private static final class Before extends FunctionPreHook {
    private Tensor dy = new Tensor();

    @Override
    public TensorVector apply(TensorVector gradients) {
      dy = new Tensor(gradients.get(0));
      return new TensorVector(new Tensor());
    }
  }

  /// Puts the derivatives by the operands in the place of the node's.
  private final class After extends FunctionPostHook {
    @Override
    public TensorVector apply(TensorVector outputs, TensorVector inputs) {
      TensorVector all = new TensorVector(OPERANDS);
      try (Native.Frame _ = Native.Frame.open()) {
        Tensor[] found = backward.derivatives(before.dy);
        for (int i = 0; i < found.length; i++) {
          all.put(i, found[i]);
        }
      }
      before.dy.deallocate();
      forget();
      given = all;
      tape.given(NativeGradient.this);
      return all;
    }
  }
}
