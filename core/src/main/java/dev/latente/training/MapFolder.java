package dev.latente.training;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/// The maps of a folder's pictures, as a control network is shown them.
///
/// @param folder opened with [ImageFolder#withMaps]
/// @param size their side in pixels
record MapFolder(ImageFolder folder, int size) {
  /// The maps of the pictures with the given indices, `[N, 3, size, size]`, 0 (black) to 1.
  Tensor at(int... indices) {
    List<float[]> maps =
        Arrays.stream(indices).mapToObj(folder.entries()::get).parallel().map(this::read).toList();
    int each = 3 * size * size;
    float[] values = new float[maps.size() * each];
    for (int i = 0; i < maps.size(); i++) {
      System.arraycopy(maps.get(i), 0, values, i * each, each);
    }
    return Tensor.of(values, maps.size(), 3, size, size).plus(1).times(0.5);
  }

  private float[] read(ImageFolder.Entry entry) {
    try {
      Picture map = Picture.read(entry.map().orElseThrow());
      int side = Math.min(map.width(), map.height());
      return map.cropped((map.width() - side) / 2, (map.height() - side) / 2, side, side)
          .resized(size, size, Resampling.LANCZOS)
          .toFloats();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
