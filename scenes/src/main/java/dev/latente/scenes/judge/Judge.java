package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Tells what pictures of the drawn world show: a small network trained on rendered scenes only.
///
/// Its accuracy on scenes it never saw is stated beside its weights. It knows nothing but the drawn
/// world: of any other picture it says something all the same. Its weights stay in memory until
/// [#close]; it may be used by several threads at once.
public final class Judge implements AutoCloseable {
  private static final int AT_ONCE = 32;

  private final JudgeFolder.Loaded loaded;

  private Judge(JudgeFolder.Loaded loaded) {
    this.loaded = loaded;
  }

  /// The judge that comes with this library.
  public static Judge load() throws IOException {
    Path folder = Files.createTempDirectory("latente-judge");
    try {
      for (String name : List.of(JudgeFolder.CONFIG, JudgeFolder.MODEL)) {
        try (InputStream in = Judge.class.getResourceAsStream("/judge/" + name)) {
          if (in == null) {
            throw new ModelFormatException("the judge's weights lack " + name);
          }
          Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return load(folder);
    } finally {
      Files.deleteIfExists(folder.resolve(JudgeFolder.CONFIG));
      Files.deleteIfExists(folder.resolve(JudgeFolder.MODEL));
      Files.deleteIfExists(folder);
    }
  }

  /// A judge that [JudgeTraining] wrote.
  ///
  /// @throws ModelFormatException if the folder holds none, or one of another world
  public static Judge load(Path folder) throws IOException {
    return new Judge(
        JudgeFolder.read(folder.resolve(JudgeFolder.CONFIG), folder.resolve(JudgeFolder.MODEL)));
  }

  /// Side of the pictures it sees, in pixels.
  public int pictureSize() {
    return loaded.config().pictureSize();
  }

  /// What `pictures` show, in their order.
  ///
  /// @param pictures of any size; they are scaled to the judge's own
  public List<Judgement> judge(List<Picture> pictures) {
    return inBatches(pictures, JudgementReader::judgements);
  }

  /// What `pictures` `[N, 3, H, W]`, -1 (black) to 1 (white), show, in their order.
  public List<Judgement> judge(Tensor pictures) {
    return judge(pictures(pictures));
  }

  /// A vector for each picture: what the judge sees in it before it decides. Pictures alike have
  /// vectors alike.
  public List<float[]> features(List<Picture> pictures) {
    return inBatches(
        pictures,
        scores -> {
          List<float[]> rows = new ArrayList<>();
          for (Tensor row : scores.features().chunk((int) scores.features().size(0), 0)) {
            rows.add(row.toFloatArray());
          }
          return rows;
        });
  }

  private <T> List<T> inBatches(
      List<Picture> pictures, Function<JudgeNetwork.Scores, List<T>> read) {
    int size = pictureSize();
    List<T> results = new ArrayList<>(pictures.size());
    for (int i = 0; i < pictures.size(); i += AT_ONCE) {
      List<Picture> some =
          pictures.subList(i, Math.min(pictures.size(), i + AT_ONCE)).stream()
              .map(picture -> picture.resized(size, size, Resampling.BICUBIC))
              .toList();
      try (Scope _ = Scope.open()) {
        results.addAll(read.apply(loaded.network().forward(RenderedScenes.batch(some))));
      }
    }
    return List.copyOf(results);
  }

  private static List<Picture> pictures(Tensor batch) {
    long[] shape = batch.shape();
    if (shape.length != 4 || shape[1] != 3) {
      throw new IllegalArgumentException("pictures must be [N, 3, H, W]: " + batch);
    }
    int each = (int) (3 * shape[2] * shape[3]);
    float[] values = batch.toFloatArray();
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < shape[0]; i++) {
      float[] one = Arrays.copyOfRange(values, i * each, (i + 1) * each);
      pictures.add(Picture.ofFloats((int) shape[3], (int) shape[2], one));
    }
    return pictures;
  }

  /// Frees the weights; the judge must not be used after.
  @Override
  public void close() {
    loaded.weights().release();
  }
}
