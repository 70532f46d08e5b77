package dev.latente.training;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import dev.latente.vision.ClipVisionEncoder;
import java.io.IOException;
import java.nio.file.Path;

/// What an image encoder makes of a folder's pictures.
///
/// @param embeddings of all pictures, `[N, P]`
record SeenPictures(Tensor embeddings) {
  private static final int AT_ONCE = 64;
  private static final String NAME = "embeddings";

  /// Reads the embeddings in `file`, or computes them and writes it.
  ///
  /// @param source what they depend on; a file of another source is refused
  static SeenPictures open(
      ClipVisionEncoder encoder,
      VisionInput input,
      Path file,
      String source,
      TrainingListener listener)
      throws IOException {
    int count = input.pictures().folder().size();
    return new SeenPictures(
        new KeptTensor(file, NAME, source, ElementType.F32)
            .open(
                count,
                AT_ONCE,
                indices -> encoder.embed(input.at(indices)),
                done -> listener.onPrepared(done, count)));
  }

  /// What was made of the pictures with the given indices, `[n, P]`.
  Tensor at(long... indices) {
    return embeddings.select(0, Tensor.of(indices, indices.length));
  }
}
