package dev.latente.tensor;

/// While open, this thread computes convolutions and matrix products in a lower precision.
///
/// Weights and sums stay f32, so that training keeps small updates: [Micikevicius et al.
/// (2017)](https://arxiv.org/abs/1710.03740).
public final class Autocast implements AutoCloseable {
  private final Device device;

  private Autocast(Device device) {
    this.device = device;
  }

  /// Begins computing on `device` in `precision`; with f32, changes nothing.
  public static Autocast open(Device device, Precision precision) {
    NativeTraining.autocast(device, precision);
    return new Autocast(device);
  }

  @Override
  public void close() {
    NativeTraining.autocast(device, Precision.F32);
  }
}
