package dev.latente.training;

/// Which errors count more in the training of a diffusion model. All may be changed when going on.
///
/// @param gamma where signal-to-noise ratios are cut in the loss (min-SNR); 0 weighs all timesteps
///   alike
/// @param things how much more errors count where the data's masks show a thing; 1 for all alike.
///   That holds for samples without noise: the noisier one is, the more nearly alike all of a
///   model's errors count. Networks that follow maps, which tell where things are, have it in full
/// @param timestepWidth 1 draws all timesteps alike; less, above 0, draws the middle ones more
///   often
/// @param timestepCentre which are the middle ones: 0 those at half of all, less those of less
///   noise; -3 to 3
public record Focus(double gamma, double things, double timestepWidth, double timestepCentre) {
  /// All errors count alike.
  public static final Focus NONE = new Focus(0, 1, 1, 0);

  public Focus {
    if (!(things >= 1 && things <= 1000)) {
      throw new IllegalArgumentException("the weight of things must be 1 to 1000: " + things);
    }
    new Timesteps(timestepWidth, timestepCentre);
    new SnrWeighting(gamma);
  }

  Timesteps timesteps() {
    return new Timesteps(timestepWidth, timestepCentre);
  }
}
