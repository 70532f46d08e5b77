package dev.latente.training;

import dev.latente.control.ControlNet;
import dev.latente.control.ControlNetConfig;
import dev.latente.model.ControlCheckpoint;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What the training of a ControlNet begins with.
///
/// @param network that learns
/// @param config its sizes
/// @param weights its weights
record ControlStart(ControlNet network, ControlNetConfig config, WeightSource weights) {
  private static final int MAP_CHANNELS = 3;
  private static final List<Integer> WIDTHS = List.of(16, 32, 64, 128, 256);

  /// A copy of the U-Net's way down, which changes nothing yet.
  ///
  /// @param downscale pixels of a latent's side
  static ControlStart fresh(DiffusionNetworks base, int downscale, long seed) {
    // the layers that bring a map to the latents' size: as many as halve it so often
    List<Integer> widths = WIDTHS.subList(0, halvings(downscale) + 1);
    ControlNetConfig config =
        new ControlNetConfig(base.unet().config(), MAP_CHANNELS, widths, false, false);
    FreshWeights weights = ControlWeights.of(config, base.unetWeights().tensors(), seed);
    return new ControlStart(ControlNet.of(Weights.of(weights), config), config, weights);
  }

  /// The network in `folder`.
  ///
  /// @param unet of the model it is for
  /// @param downscale pixels of a latent's side
  /// @throws ModelFormatException if it is not a ControlNet for such a model and for maps in colour
  static ControlStart stored(Path folder, UNetConfig unet, int downscale) throws IOException {
    try (ControlCheckpoint checkpoint = ControlCheckpoint.open(folder, unet, Precision.F32)) {
      if (!(checkpoint instanceof ControlCheckpoint.Net(ControlNetConfig config, var source))) {
        throw new ModelFormatException(
            folder + ": expected a ControlNet to go on from, found a T2I-Adapter");
      }
      int halved = config.embeddingChannels().size() - 1;
      if (halved != halvings(downscale)
          || config.mapChannels() != MAP_CHANNELS
          || config.blueFirst()
          || config.pooled()) {
        throw new ModelFormatException(
            ("%s: expected a ControlNet for red, green and blue of maps that it halves %d times,"
                    + " found %s")
                .formatted(folder, halvings(downscale), kind(config)));
      }
      StoredWeights weights = new StoredWeights(source, Device.CPU, Precision.F32);
      ControlNet network = ControlNet.of(Weights.of(weights), config);
      weights.finish(_ -> false);
      return new ControlStart(network, config, weights);
    }
  }

  private static String kind(ControlNetConfig config) {
    return "one for %d channels%s halved %d times%s"
        .formatted(
            config.mapChannels(),
            config.blueFirst() ? ", blue first," : "",
            config.embeddingChannels().size() - 1,
            config.pooled() ? ", which tells the U-Net one number per channel" : "");
  }

  private static int halvings(int downscale) {
    return Integer.numberOfTrailingZeros(downscale);
  }
}
