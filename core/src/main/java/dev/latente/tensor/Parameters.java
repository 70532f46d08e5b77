package dev.latente.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The weights that training changes, laid end to end in one array, and their gradients in another.
///
/// The tensors given keep their names and shapes but become windows into the array, so that one
/// operation updates, clips or averages them all. Mutable; belongs to one thread.
public final class Parameters {
  private final Tensor values;
  private final Tensor gradients;
  private final Tensor decays;
  private final List<Tensor> windows = new ArrayList<>();

  /// Takes over `weights` (f32, on one device); they must not be released by others after.
  public Parameters(Map<String, Tensor> weights) {
    List<Tensor> tensors = List.copyOf(weights.values());
    long count = tensors.stream().mapToLong(Tensor::count).sum();
    try (Scope _ = Scope.open()) {
      Tensor like = tensors.getFirst();
      values = Tensor.full(0, count).like(like).retain();
      gradients = Tensor.full(0, count).like(like).retain();
      decays = Tensor.full(0, count).like(like).retain();
      long offset = 0;
      for (Tensor tensor : tensors) {
        long end = offset + tensor.count();
        if (tensor.shape().length > 1) {
          NativeTraining.fill(decays.slice(0, offset, end).handle(), 1);
        }
        NativeTraining.adopt(
            tensor.handle(),
            values.slice(0, offset, end).handle(),
            gradients.slice(0, offset, end).handle());
        windows.add(tensor);
        offset = end;
      }
    }
  }

  /// The number of weights.
  public long count() {
    return values.count();
  }

  /// All weights end to end, `[count]`: a window, changed by training.
  public Tensor values() {
    return values;
  }

  /// All gradients end to end, `[count]`: a window, changed by [#backward].
  public Tensor gradients() {
    return gradients;
  }

  /// One for each weight that decays (matrices and filters), zero for biases and norms, `[count]`.
  Tensor decays() {
    return decays;
  }

  /// Adds the gradient of `loss`, a single number, to [#gradients].
  public void backward(Tensor loss) {
    Guard.run("backward", () -> NativeTraining.backward(loss.handle()), loss);
  }

  /// Sets all gradients to zero.
  public void clearGradients() {
    NativeTraining.fill(gradients.handle(), 0);
  }

  /// Scales the gradients down so that their Euclidean norm is at most `limit`.
  ///
  /// @return the norm before
  public double clipGradients(double limit) {
    try (Scope _ = Scope.open()) {
      double norm = Math.sqrt(gradients.square().sum().item());
      if (norm > limit) {
        NativeTraining.scale(gradients.handle(), limit / norm);
      }
      return norm;
    }
  }

  /// Replaces all weights by `other` `[count]`.
  public void set(Tensor other) {
    if (other.count() != count()) {
      throw new IllegalArgumentException("need %d weights: %d".formatted(count(), other.count()));
    }
    NativeTraining.copy(values.handle(), other.handle());
  }

  /// Runs `body` with the weights replaced by `others` `[count]`, then puts them back.
  public void with(Tensor others, Runnable body) {
    try (Scope _ = Scope.open()) {
      Tensor own = values.plus(0);
      set(others);
      try {
        body.run();
      } finally {
        set(own);
      }
    }
  }
}
