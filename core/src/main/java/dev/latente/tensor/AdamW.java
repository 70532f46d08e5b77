package dev.latente.tensor;

import java.util.Map;

/// Adam with decoupled weight decay: [Loshchilov & Hutter
/// (2017)](https://arxiv.org/abs/1711.05101), algorithm 2.
///
/// Mutable; belongs to one thread.
public final class AdamW {
  private final Parameters parameters;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double decay;
  private final Tensor first;
  private final Tensor second;
  private long steps;

  /// An optimiser of `parameters`.
  ///
  /// @param beta1 share of the old mean of gradients kept each step, 0 to 1
  /// @param beta2 share of the old mean of their squares kept each step, 0 to 1
  /// @param epsilon added to the root mean square
  /// @param decay share of a weight lost each step, times the learning rate
  public AdamW(Parameters parameters, double beta1, double beta2, double epsilon, double decay) {
    this.parameters = parameters;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.decay = decay;
    try (Scope _ = Scope.open()) {
      first = parameters.values().times(0).retain();
      second = parameters.values().times(0).retain();
    }
  }

  /// Moves the weights against their gradients.
  public void step(double learningRate) {
    steps++;
    try (Scope _ = Scope.open()) {
      NativeTraining.adamW(
          parameters.values().handle(),
          parameters.gradients().handle(),
          first.handle(),
          second.handle(),
          parameters.decays().handle(),
          new NativeTraining.AdamStep(
              learningRate,
              beta1,
              beta2,
              epsilon,
              learningRate * decay,
              1 - Math.pow(beta1, steps),
              1 - Math.pow(beta2, steps)));
    }
  }

  /// The number of steps taken.
  public long steps() {
    return steps;
  }

  /// What must be saved to go on exactly: the means of gradients and of their squares.
  public Map<String, Tensor> state() {
    return Map.of("exp_avg", first, "exp_avg_sq", second);
  }

  /// Goes on from a saved [#state] after `steps` steps.
  public void restore(Map<String, Tensor> state, long steps) {
    state()
        .forEach((name, own) -> NativeTraining.copy(own.handle(), required(state, name).handle()));
    this.steps = steps;
  }

  private static Tensor required(Map<String, Tensor> state, String name) {
    Tensor found = state.get(name);
    if (found == null) {
      throw new IllegalArgumentException("the optimiser's state lacks '" + name + "'");
    }
    return found;
  }
}
