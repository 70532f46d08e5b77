package dev.latente.training;

import dev.latente.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// How much errors count at each place of each picture: more where its things are.
///
/// Things are small; in a loss that counts all places alike, grounds and skies drown them. But what
/// a network learns from weighed errors is a weighed mean of all that a noisy sample may have been:
/// where noise hides things, it would believe in more of them than there are. So the weight can
/// depend on how much noise there is.
///
/// @param weights of all pictures, `[N, 1, H, W]`, at least 1; nothing if all places count alike
record Emphasis(Optional<Tensor> weights) {
  /// All places count alike.
  static final Emphasis NONE = new Emphasis(Optional.empty());

  /// Weights of `factor` where masks are white, and of 1 where they are black.
  ///
  /// @param side of the samples, in their pixels
  /// @throws IllegalArgumentException if no picture has a mask
  static Emphasis of(ImageFolder data, int side, double factor) {
    if (factor == 1) {
      return NONE;
    }
    if (data.entries().stream().allMatch(entry -> entry.masks().isEmpty())) {
      throw new IllegalArgumentException(
          "a weight of things needs masks in metadata.jsonl (things, mask): found none");
    }
    float[] values = new float[data.size() * side * side];
    IntStream.range(0, data.size())
        .parallel()
        .forEach(n -> fill(values, n * side * side, data.entries().get(n), side, factor));
    return new Emphasis(Optional.of(Tensor.of(values, data.size(), 1, side, side)));
  }

  private static void fill(
      float[] values, int offset, ImageFolder.Entry entry, int side, double factor) {
    Arrays.fill(values, offset, offset + side * side, 1);
    try {
      for (BufferedImage mask : entry.masks(side)) {
        int[] pixels = mask.getRGB(0, 0, side, side, null, 0, side);
        for (int i = 0; i < pixels.length; i++) {
          float there = (pixels[i] & 0xff) / 255f;
          values[offset + i] = Math.max(values[offset + i], (float) (1 + (factor - 1) * there));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /// `errors` `[n, C, H, W]` of the pictures `chosen`, weighed in full.
  Tensor of(Tensor errors, int... chosen) {
    return weights.map(all -> errors.times(rows(all, chosen))).orElse(errors);
  }

  /// The same, but weighed the less, the more noise hides what is where.
  ///
  /// @param signals the signal's share of each sample's variance, `ᾱ`, 0 to 1, `[n, 1, 1, 1]`
  Tensor of(Tensor errors, Tensor signals, int... chosen) {
    return weights
        .map(all -> errors.times(rows(all, chosen).plus(-1).times(signals).plus(1)))
        .orElse(errors);
  }

  private static Tensor rows(Tensor all, int... chosen) {
    long[] rows = Arrays.stream(chosen).asLongStream().toArray();
    return all.select(0, Tensor.of(rows, rows.length));
  }
}
