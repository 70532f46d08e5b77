package dev.latente.training;

import dev.latente.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/// Batches of a folder's pictures.
///
/// @param folder where they are
/// @param size their side in pixels
record Batches(ImageFolder folder, int size) {
  /// The pictures with the given indices, `[N, 3, size, size]`, -1 (black) to 1 (white).
  Tensor at(int... indices) {
    List<BufferedImage> images =
        Arrays.stream(indices).mapToObj(folder.entries()::get).parallel().map(this::read).toList();
    return Squares.batch(images);
  }

  private BufferedImage read(ImageFolder.Entry entry) {
    try {
      return entry.picture(size);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
