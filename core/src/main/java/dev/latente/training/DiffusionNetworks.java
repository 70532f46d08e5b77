package dev.latente.training;

import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolder;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The two networks that learn together, and their weights.
///
/// @param unet estimates noise
/// @param textEncoder tells it what the caption says
/// @param unetWeights of the first
/// @param textWeights of the second
record DiffusionNetworks(
    UNet unet, ClipTextEncoder textEncoder, WeightSource unetWeights, WeightSource textWeights) {

  /// Networks that know nothing yet.
  static DiffusionNetworks fresh(UNetConfig unet, ClipTextConfig text, long seed) {
    FreshWeights textWeights = new FreshWeights(RandomNoise.seeded(seed));
    FreshWeights unetWeights = new FreshWeights(RandomNoise.seeded(seed + 1));
    return of(unet, text, unetWeights, textWeights);
  }

  /// The networks of the model in `folder`.
  static DiffusionNetworks stored(Path folder) throws IOException {
    Checkpoint checkpoint = DiffusersFolder.open(folder, Precision.F32);
    Checkpoint.TextEncoderPart text = textEncoder(checkpoint);
    StoredWeights unetWeights =
        new StoredWeights(checkpoint.unet().weights(), Device.CPU, Precision.F32);
    StoredWeights textWeights = new StoredWeights(text.weights(), Device.CPU, Precision.F32);
    DiffusionNetworks networks =
        of(checkpoint.unet().config(), text.config(), unetWeights, textWeights);
    unetWeights.finish(_ -> false);
    textWeights.finish(_ -> false);
    return networks;
  }

  private static DiffusionNetworks of(
      UNetConfig unet, ClipTextConfig text, WeightSource unetWeights, WeightSource textWeights) {
    return new DiffusionNetworks(
        UNet.of(Weights.of(unetWeights), unet),
        ClipTextEncoder.of(Weights.of(textWeights), text),
        unetWeights,
        textWeights);
  }

  /// The one text encoder of a model to train.
  static Checkpoint.TextEncoderPart textEncoder(Checkpoint checkpoint) {
    if (checkpoint.textEncoders().size() != 1) {
      throw new ModelFormatException(
          "%s: training needs a model with one text encoder: found %d"
              .formatted(checkpoint.origin(), checkpoint.textEncoders().size()));
    }
    return checkpoint.textEncoders().getFirst();
  }

  /// All weights by name, the text encoder's first.
  Map<String, Tensor> weights() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    textWeights.tensors().forEach((name, tensor) -> all.put("text_encoder." + name, tensor));
    unetWeights.tensors().forEach((name, tensor) -> all.put("unet." + name, tensor));
    return all;
  }
}
