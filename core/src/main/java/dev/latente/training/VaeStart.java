package dev.latente.training;

import dev.latente.model.CheckpointSource;
import dev.latente.model.DiffusersFolder;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.WeightSource;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the training of an autoencoder begins with.
public sealed interface VaeStart {
  /// Random weights, all trained.
  record Fresh() implements VaeStart {}

  /// The weights in `folder` (with its `config.json`), all trained; latents change.
  record Whole(Path folder) implements VaeStart {}

  /// The weights in `folder`, of which only the decoder is trained: latents stay what they are, and
  /// so does every diffusion model that was trained on them.
  record DecoderOnly(Path folder) implements VaeStart {}

  /// The sizes of the autoencoder in `folder`.
  static VaeConfig sizes(Path folder) throws IOException {
    var part = DiffusersFolder.openVae(folder, Precision.F32);
    try (CheckpointSource _ = part.weights()) {
      return part.config();
    }
  }

  /// The first weights of all layers.
  default WeightSource weights(VaeConfig config, long seed) throws IOException {
    return switch (this) {
      case Fresh() ->
          new FreshWeights(RandomNoise.seeded(seed), Map.of("quant_conv.bias", VaeStart::certain));
      case Whole(Path folder) -> stored(folder);
      case DecoderOnly(Path folder) -> stored(folder);
    };
  }

  private static WeightSource stored(Path folder) throws IOException {
    return new StoredWeights(
        DiffusersFolder.openVae(folder, Precision.F32).weights(), Device.CPU, Precision.F32);
  }

  /// Complains if the files did not fit.
  default void check(WeightSource weights) {
    if (weights instanceof StoredWeights stored) {
      stored.finish(_ -> false);
    }
  }

  /// Those of `all` weights that training changes.
  default Map<String, Tensor> trained(Map<String, Tensor> all) {
    if (!keepsLatents()) {
      return all;
    }
    Map<String, Tensor> decoder = new LinkedHashMap<>(all);
    decoder
        .keySet()
        .removeIf(name -> name.startsWith("encoder.") || name.startsWith("quant_conv."));
    return decoder;
  }

  /// Whether the encoder, and so every latent, stays what it was.
  default boolean keepsLatents() {
    return switch (this) {
      case Fresh() -> false;
      case Whole(Path _) -> false;
      case DecoderOnly(Path _) -> true;
    };
  }

  /// A part of the recipe.
  default String description() {
    return switch (this) {
      case Fresh() -> "";
      case Whole(Path folder) -> " from " + folder.toAbsolutePath().normalize();
      case DecoderOnly(Path folder) -> " decoder from " + folder.toAbsolutePath().normalize();
    };
  }

  /// Means of 0 and small variances: latents that begin as mere noise take long to become a
  /// picture's.
  private static Tensor certain(RandomNoise noise, long... shape) {
    double firstLogVariance = -6;
    Tensor half = Tensor.full(0, shape[0] / 2);
    return Tensor.concat(0, half, half.plus(firstLogVariance));
  }
}
