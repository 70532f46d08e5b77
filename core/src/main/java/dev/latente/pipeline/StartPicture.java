package dev.latente.pipeline;

import dev.latente.image.Fit;
import dev.latente.image.Picture;
import java.util.Map;
import java.util.Optional;

/// A picture to begin with, and what is to become of it: [Meng et al.
/// (2021)](https://arxiv.org/abs/2108.01073).
///
/// @param picture of any size
/// @param strength how much it may change: 0 not at all, 1 as much as the noise allows; the share
///   of the steps that are taken
/// @param fit how it is brought to the size that is drawn
/// @param mask what is to be redrawn; all of it if empty, or with an extension only what is new
/// @param extension by how much it is to grow
/// @param masking how it is redrawn where it is masked or new
public record StartPicture(
    Picture picture,
    double strength,
    Fit fit,
    Optional<Picture> mask,
    Optional<Extension> extension,
    MaskOptions masking) {
  /// What A1111's web UI begins with; diffusers' pipeline has 0.8.
  public static final double USUAL_STRENGTH = 0.75;

  /// Checks what it is given.
  ///
  /// @throws IllegalArgumentException if the strength is out of range, or the mask is black or of
  ///   another size
  public StartPicture {
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength must be from 0 to 1: " + strength);
    }
    if (mask.isPresent()) {
      requireFitting(picture, mask.get());
    }
  }

  private static void requireFitting(Picture picture, Picture mask) {
    if (mask.width() != picture.width() || mask.height() != picture.height()) {
      throw new IllegalArgumentException(
          "mask must have the picture's size %dx%d: %dx%d"
              .formatted(picture.width(), picture.height(), mask.width(), mask.height()));
    }
    if (isBlack(mask)) {
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

  /// A whole picture to redraw.
  public static StartPicture of(Picture picture, double strength) {
    return new StartPicture(
        picture, strength, Fit.STRETCH, Optional.empty(), Optional.empty(), MaskOptions.usual());
  }

  /// The same, brought to size in another way.
  public StartPicture withFit(Fit other) {
    return new StartPicture(picture, strength, other, mask, extension, masking);
  }

  /// The same, redrawn only where `other` is not black: white pixels as much as the strength says,
  /// grey ones less, [Levin and Fried (2023)](https://arxiv.org/abs/2306.00950).
  ///
  /// @param other grey, of the picture's size
  public StartPicture withMask(Picture other) {
    return new StartPicture(picture, strength, fit, Optional.of(other), extension, masking);
  }

  /// The same, grown; a little more than asked for where the sides would else not be multiples of
  /// [ImageRequest#MULTIPLE].
  public StartPicture withExtension(Extension other) {
    return new StartPicture(
        picture, strength, fit, mask, Optional.of(other.rounded(picture)), masking);
  }

  /// The same, with other ways to redraw a part.
  public StartPicture withMasking(MaskOptions other) {
    return new StartPicture(picture, strength, fit, mask, extension, other);
  }

  /// Whether only a part is drawn: under a mask, or what is new.
  public boolean isPartial() {
    return mask.isPresent() || extension.isPresent();
  }

  /// The size of the picture, grown if it is to be.
  public PixelSize canvas() {
    int across = extension.map(more -> more.left() + more.right()).orElse(0);
    int down = extension.map(more -> more.top() + more.bottom()).orElse(0);
    return new PixelSize(picture.width() + across, picture.height() + down);
  }

  /// Tells in a picture's text how it is redrawn.
  void note(Map<String, String> values) {
    values.put("Denoising strength", GeneratedImage.plain(strength));
    if (fit != Fit.STRETCH) {
      values.put("Resize mode", fit.id());
    }
    extension.ifPresent(more -> values.put("Extend", more.toString()));
    if (isPartial()) {
      masking.note(values);
    }
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
