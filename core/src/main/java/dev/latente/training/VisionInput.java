package dev.latente.training;

import dev.latente.tensor.Tensor;
import dev.latente.vision.ClipImageProcessor;
import java.util.List;

/// A folder's pictures as a CLIP vision encoder sees them.
///
/// @param pictures of the encoder's size
record VisionInput(Batches pictures) {
  /// The pictures with the given indices, normalised, `[N, 3, S, S]`.
  Tensor at(int... indices) {
    Tensor unit = pictures.at(indices).plus(1).times(0.5);
    return unit.minus(each(ClipImageProcessor.CLIP_MEAN))
        .dividedBy(each(ClipImageProcessor.CLIP_DEVIATION));
  }

  private static Tensor each(List<Double> colours) {
    float[] values = new float[colours.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = colours.get(i).floatValue();
    }
    return Tensor.of(values, 1, values.length, 1, 1);
  }
}
