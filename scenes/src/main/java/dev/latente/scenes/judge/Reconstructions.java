package dev.latente.scenes.judge;

import dev.latente.image.Fidelity;
import dev.latente.image.Picture;
import java.util.List;
import java.util.function.UnaryOperator;

/// How well an autoencoder gives back rendered scenes that no training showed.
///
/// @param pictures how many were compared
/// @param psnr mean of the pictures' peak signal-to-noise ratios, in decibels
/// @param ssim mean of their structural similarities, at most 1
public record Reconstructions(int pictures, double psnr, double ssim) {
  /// Renders `count` held-out scenes of `seed`, and compares each with what `autoencoder` makes of
  /// it.
  ///
  /// @param size side of the pictures in pixels
  public static Reconstructions of(
      UnaryOperator<Picture> autoencoder, int count, long seed, int size) {
    List<Fidelity> all =
        new Evaluation(count, 1, Combinations.HELD_OUT, seed)
            .questions().stream()
                .map(question -> question.rendered(size))
                .map(picture -> Fidelity.of(picture, autoencoder.apply(picture)))
                .toList();
    return new Reconstructions(
        count,
        all.stream().mapToDouble(Fidelity::psnr).average().orElseThrow(),
        all.stream().mapToDouble(Fidelity::ssim).average().orElseThrow());
  }
}
