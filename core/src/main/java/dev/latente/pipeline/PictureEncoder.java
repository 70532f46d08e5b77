package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.PictureParts;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.sampling.NoiseSchedule;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vision.ClipImageProcessor;
import dev.latente.vision.ClipVisionEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The picture encoder of a model that draws variations of a picture.
///
/// @param noising how embeddings are made noisy; models without it see them as a text of one token
record PictureEncoder(
    ClipVisionEncoder encoder,
    ClipImageProcessor processor,
    Optional<Noising> noising,
    Device device,
    Precision precision) {

  /// How embeddings are made noisy: normalised to a variance of about 1 before, and back after.
  ///
  /// @param mean `[1, P]`
  /// @param deviation `[1, P]`
  record Noising(NoiseSchedule schedule, Tensor mean, Tensor deviation) {
    /// Embeddings `[N, P]` at noise level `level`, with standard normal `noise`.
    Tensor add(Tensor embeddings, Tensor noise, int level) {
      Tensor normal = embeddings.minus(mean).dividedBy(deviation);
      return schedule
          .addNoise(normal, noise, levels(level, embeddings))
          .times(deviation)
          .plus(mean);
    }

    private static int[] levels(int level, Tensor embeddings) {
      int[] levels = new int[(int) embeddings.size(0)];
      Arrays.fill(levels, level);
      return levels;
    }
  }

  /// Reads the weights of `parts`.
  static PictureEncoder of(PictureParts parts, Components components, Precision precision) {
    ClipVisionEncoder encoder =
        components.build(
            parts.encoder().weights(),
            precision,
            at -> ClipVisionEncoder.of(at, parts.encoder().config()));
    int width = parts.encoder().config().projectionDim();
    Optional<Noising> noising =
        parts
            .noising()
            .map(noise ->
                components.build(
                    noise.normalizer(), Precision.F32, at -> noising(at, noise, width)));
    return new PictureEncoder(
        encoder, parts.encoder().processor(), noising, components.device(), precision);
  }

  private static Noising noising(Weights at, PictureParts.Noising noise, int width) {
    return new Noising(
        noise.scheduler().noiseSchedule(),
        at.tensor("mean", Init.normal(1), 1, width),
        at.tensor("std", Init.normal(1), 1, width));
  }

  /// The embedding of `picture`, `[1, P]`.
  Tensor embed(Picture picture) {
    return Scope.tidy(() -> {
      Tensor pixels = processor.pixels(List.of(picture)).to(device).to(precision);
      return encoder.embed(pixels).to(Precision.F32);
    });
  }
}
