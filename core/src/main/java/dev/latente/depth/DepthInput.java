package dev.latente.depth;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.tensor.Tensor;
import java.util.List;

/// How a picture is brought to what a [DepthNetwork] sees.
///
/// @param resizes whether it is resized at all
/// @param height in pixels
/// @param width in pixels
/// @param keepsRatio whether height and width are only aimed at, so that the ratio stays
/// @param multiple sides are rounded to multiples of this
/// @param resampling how it is resized
/// @param mean of each colour, 0 to 1, which becomes 0
/// @param deviation of each colour, which becomes 1
public record DepthInput(
    boolean resizes,
    int height,
    int width,
    boolean keepsRatio,
    int multiple,
    Resampling resampling,
    List<Double> mean,
    List<Double> deviation) {
  /// What pictures of ordinary ratios never come near.
  private static final int MAX_SIDE = 4096;

  private static final int COLOURS = 3;

  public DepthInput {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    VitConfig.positive("height", height);
    VitConfig.positive("width", width);
    VitConfig.positive("ensure_multiple_of", multiple);
    if (mean.size() != COLOURS
        || deviation.size() != COLOURS
        || deviation.stream().anyMatch(d -> !(d > 0))) {
      throw new IllegalArgumentException(
          "image_mean and image_std must have 3 numbers, the latter positive: %s and %s"
              .formatted(mean, deviation));
    }
  }

  /// The picture as the network sees it, `[1, 3, H, W]`.
  public Tensor of(Picture picture) {
    Picture fitting = fitting(picture);
    int h = fitting.height();
    int w = fitting.width();
    Tensor unit = Tensor.of(fitting.toFloats(), 1, COLOURS, h, w).plus(1).times(0.5); // 0 to 1
    return unit.minus(colours(mean)).dividedBy(colours(deviation));
  }

  private static Tensor colours(List<Double> values) {
    float[] numbers = new float[COLOURS];
    for (int i = 0; i < COLOURS; i++) {
      numbers[i] = values.get(i).floatValue();
    }
    return Tensor.of(numbers, 1, COLOURS, 1, 1);
  }

  private Picture fitting(Picture picture) {
    if (!resizes) {
      return picture;
    }
    double down = height / (double) picture.height();
    double across = width / (double) picture.width();
    if (keepsRatio) {
      // as little as possible
      if (Math.abs(1 - across) < Math.abs(1 - down)) {
        down = across;
      } else {
        across = down;
      }
    }
    int newHeight = rounded(down * picture.height());
    int newWidth = rounded(across * picture.width());
    if (newHeight < 1 || newWidth < 1 || newHeight > MAX_SIDE || newWidth > MAX_SIDE) {
      throw new IllegalArgumentException(
          "a picture whose depth is to be estimated must not be that long: %dx%d"
              .formatted(picture.width(), picture.height()));
    }
    return picture.resized(newWidth, newHeight, resampling);
  }

  private int rounded(double side) {
    return (int) (Math.rint(side / multiple) * multiple); // ties to even, as Python's round
  }
}
