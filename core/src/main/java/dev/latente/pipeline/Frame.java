package dev.latente.pipeline;

import java.util.Map;
import java.util.Optional;

/// What SDXL is told of a picture's frame beside its text: [Podell et al.
/// (2023)](https://arxiv.org/abs/2307.01952), section 2.2. It has learnt what pictures look like
/// that were small, or cut out of others.
///
/// @param original the picture's size before it was enlarged or cut; the one that is drawn if empty
/// @param left pixels cut off at the left
/// @param top pixels cut off at the top
/// @param target the size aimed at; the one that is drawn if empty
public record Frame(Optional<PixelSize> original, int left, int top, Optional<PixelSize> target) {
  /// A whole picture of the size that is drawn.
  public static Frame whole() {
    return new Frame(Optional.empty(), 0, 0, Optional.empty());
  }

  /// The same of a picture that had another size.
  public Frame withOriginal(PixelSize size) {
    return new Frame(Optional.of(size), left, top, target);
  }

  /// The same with `left` and `top` pixels cut off.
  public Frame withCrop(int left, int top) {
    return new Frame(original, left, top, target);
  }

  /// The same for another size aimed at.
  public Frame withTarget(PixelSize size) {
    return new Frame(original, left, top, Optional.of(size));
  }

  /// Puts what is not usual among a picture's parameters, under names that begin with `prefix`.
  void note(String prefix, Map<String, String> values) {
    original.ifPresent(size -> values.put(prefix + "Original size", size.toString()));
    target.ifPresent(size -> values.put(prefix + "Target size", size.toString()));
    if (left != 0 || top != 0) {
      values.put(prefix + "Crop", left + "," + top);
    }
  }

  /// Height and width of the original, top and left of the crop, height and width aimed at.
  ///
  /// @param drawn the size that is drawn
  float[] numbers(PixelSize drawn) {
    PixelSize from = original.orElse(drawn);
    PixelSize to = target.orElse(drawn);
    return new float[] {from.height(), from.width(), top, left, to.height(), to.width()};
  }

  /// The same for the refiner, which is told a score from 1 to 10 in place of the size aimed at.
  float[] numbers(PixelSize drawn, double score) {
    PixelSize from = original.orElse(drawn);
    return new float[] {from.height(), from.width(), top, left, (float) score};
  }
}
