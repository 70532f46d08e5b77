package dev.latente.tensor;

/// An exponential moving average of weights, which samples better than the weights themselves.
///
/// [Song & Ermon (2020)](https://arxiv.org/abs/2006.09011), section 3.4. Mutable; belongs to one
/// thread.
public final class MovingAverage {
  private final Tensor values;

  /// An average that begins at `start`.
  public MovingAverage(Tensor start) {
    try (Scope _ = Scope.open()) {
      values = start.plus(0).retain();
    }
  }

  /// Takes in new weights, keeping `decay` (0 to 1) of the old average.
  public void update(Tensor weights, double decay) {
    try (Scope _ = Scope.open()) {
      NativeTraining.lerp(values.handle(), weights.handle(), 1 - decay);
    }
  }

  /// Goes on from a saved average.
  public void set(Tensor saved) {
    NativeTraining.copy(values.handle(), saved.handle());
  }

  /// The average: a window, changed by [#update].
  public Tensor values() {
    return values;
  }
}
