package dev.latente.vision;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.tensor.Tensor;
import java.util.List;

/// What is done to a picture before a CLIP vision encoder sees it, named as in transformers'
/// `preprocessor_config.json`.
///
/// @param shortestEdge length that the shorter side is resized to, in pixels
/// @param cropSize side of the square cut out of the middle, in pixels
/// @param resampling how it is resized
/// @param mean of each colour, of 0 to 1
/// @param deviation of each colour
public record ClipImageProcessor(
    int shortestEdge,
    int cropSize,
    Resampling resampling,
    List<Double> mean,
    List<Double> deviation) {

  /// The mean of OpenAI's CLIP.
  public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  /// The deviation of OpenAI's CLIP.
  public static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

  private static final int COLOURS = 3;
  private static final double WHITE = 255;

  public ClipImageProcessor {
    if (shortestEdge < 1 || cropSize < 1) {
      throw new IllegalArgumentException(
          "shortest_edge and crop_size must be positive: %d, %d".formatted(shortestEdge, cropSize));
    }
    if (mean.size() != COLOURS || deviation.size() != COLOURS) {
      throw new IllegalArgumentException(
          "image_mean and image_std must have 3 numbers: %s, %s".formatted(mean, deviation));
    }
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  /// One whose resampling has the number that Pillow gives it.
  ///
  /// @throws IllegalArgumentException if the number is none of those that are known
  public static ClipImageProcessor ofPillow(
      int shortestEdge, int cropSize, int resample, List<Double> mean, List<Double> deviation) {
    Resampling resampling =
        switch (resample) {
          case 0 -> Resampling.NEAREST;
          case 1 -> Resampling.LANCZOS;
          case 2 -> Resampling.BILINEAR;
          case 3 -> Resampling.BICUBIC;
          case 4 -> Resampling.BOX;
          default ->
              throw new IllegalArgumentException("resample must be from 0 to 4: " + resample);
        };
    return new ClipImageProcessor(shortestEdge, cropSize, resampling, mean, deviation);
  }

  /// That of OpenAI's CLIP for pictures of `side` pixels.
  public static ClipImageProcessor clip(int side) {
    return new ClipImageProcessor(side, side, Resampling.BICUBIC, CLIP_MEAN, CLIP_DEVIATION);
  }

  /// `pictures` as `[N, 3, crop, crop]`, normalised.
  public Tensor pixels(List<Picture> pictures) {
    Tensor[] each = pictures.stream().map(this::pixels).toArray(Tensor[]::new);
    return Tensor.concat(0, each);
  }

  private Tensor pixels(Picture picture) {
    Picture resized = resized(picture);
    byte[] rgb = resized.rgb();
    float[] chw = new float[COLOURS * cropSize * cropSize];
    int left = Math.floorDiv(resized.width() - cropSize, 2);
    int top = Math.floorDiv(resized.height() - cropSize, 2);
    for (int c = 0; c < COLOURS; c++) {
      float mean = this.mean.get(c).floatValue();
      float deviation = this.deviation.get(c).floatValue();
      for (int y = 0; y < cropSize; y++) {
        for (int x = 0; x < cropSize; x++) {
          float unit = unit(rgb, resized, left + x, top + y, c);
          chw[(c * cropSize + y) * cropSize + x] = (unit - mean) / deviation;
        }
      }
    }
    return Tensor.of(chw, 1, COLOURS, cropSize, cropSize);
  }

  /// Beyond the picture's edges it is black.
  private static float unit(byte[] rgb, Picture picture, int x, int y, int colour) {
    boolean inside = x >= 0 && y >= 0 && x < picture.width() && y < picture.height();
    return inside
        ? (float) ((rgb[COLOURS * (y * picture.width() + x) + colour] & 0xff) / WHITE)
        : 0;
  }

  private Picture resized(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    int longer = (int) ((double) shortestEdge * Math.max(width, height) / Math.min(width, height));
    return width <= height
        ? picture.resized(shortestEdge, longer, resampling)
        : picture.resized(longer, shortestEdge, resampling);
  }
}
