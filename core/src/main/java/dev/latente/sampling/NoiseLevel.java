package dev.latente.sampling;

/// An amount of noise, and the training timestep at which the network has seen as much.
///
/// @param sigma standard deviation of the noise, where clean latents have about 1; 0 is clean
/// @param timestep what the network is told, 0 to T - 1; whole or not, as the schedule says
public record NoiseLevel(double sigma, double timestep) {
  public NoiseLevel {
    if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY) || !Double.isFinite(timestep)) {
      throw new IllegalArgumentException(
          "sigma must be finite and at least 0, timestep finite: %s, %s"
              .formatted(sigma, timestep));
    }
  }

  /// `1 / sqrt(1 + sigma²)`: how a variance-preserving sample scales the clean latents, `sqrt(ᾱ)`.
  public double alpha() {
    return 1 / Math.hypot(1, sigma);
  }
}
