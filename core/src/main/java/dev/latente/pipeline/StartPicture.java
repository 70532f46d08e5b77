package dev.latente.pipeline;

import dev.latente.image.Fit;
import dev.latente.image.Picture;
import java.util.Optional;

/// A picture to begin with, and what is to become of it: [Meng et al.
/// (2021)](https://arxiv.org/abs/2108.01073).
///
/// @param picture of any size
/// @param strength how much it may change: 0 not at all, 1 as much as the noise allows; the share
///   of the steps that are taken
/// @param fit how it is brought to the size that is drawn
/// @param mask what is to be redrawn; all of it if empty
public record StartPicture(Picture picture, double strength, Fit fit, Optional<Mask> mask) {
  /// What A1111's web UI begins with; diffusers' pipeline has 0.8.
  public static final double USUAL_STRENGTH = 0.75;

  /// Where a picture is redrawn.
  ///
  /// @param picture white where it is, black where not; grey in between. Of any size; brought to
  ///   the size that is drawn as the picture itself
  /// @param paste whether what is not redrawn comes back as it was, bit for bit; else it is what
  ///   the decoder makes of it
  public record Mask(Picture picture, boolean paste) {
    /// Checks that something is to be redrawn.
    public Mask {
      if (isBlack(picture)) {
        throw new IllegalArgumentException(
            "mask must have something white, where the picture is redrawn: it is all black");
      }
    }

    private static boolean isBlack(Picture picture) {
      for (byte value : picture.rgb()) {
        if (value != 0) {
          return false;
        }
      }
      return true;
    }
  }

  public StartPicture {
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength must be from 0 to 1: " + strength);
    }
    if (mask.isPresent()) {
      Picture found = mask.get().picture();
      if (found.width() != picture.width() || found.height() != picture.height()) {
        throw new IllegalArgumentException(
            "mask must have the picture's size %dx%d: %dx%d"
                .formatted(picture.width(), picture.height(), found.width(), found.height()));
      }
    }
  }

  /// A whole picture to redraw.
  public static StartPicture of(Picture picture, double strength) {
    return new StartPicture(picture, strength, Fit.STRETCH, Optional.empty());
  }

  /// The same, brought to size in another way.
  public StartPicture withFit(Fit other) {
    return new StartPicture(picture, strength, other, mask);
  }

  /// The same, redrawn only where `other` is white.
  public StartPicture withMask(Mask other) {
    return new StartPicture(picture, strength, fit, Optional.of(other));
  }

  /// How many of `steps` are left out, as in diffusers.
  ///
  /// @throws IllegalArgumentException if none would be taken
  int skipped(int steps) {
    int taken = Math.min((int) (steps * strength), steps);
    if (taken < 1) {
      throw new IllegalArgumentException(
          "strength must leave at least one of %d steps: %s".formatted(steps, strength));
    }
    return steps - taken;
  }
}
