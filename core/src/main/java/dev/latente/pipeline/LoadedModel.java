package dev.latente.pipeline;

import dev.latente.nn.WeightSource;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.unet.UNet;
import java.util.List;

/// A model in memory.
///
/// @param name what users call it: the folder's or file's name
/// @param device where the weights are
/// @param precision of the U-Net's weights
/// @param weights everything to free
record LoadedModel(
    String name,
    PromptEncoder prompts,
    UNet unet,
    LatentSpace space,
    SchedulerConfig scheduler,
    ModelDefaults defaults,
    Device device,
    Precision precision,
    List<WeightSource> weights) {

  /// The shape of the latents of one picture: `[1, C, H, W]`.
  long[] latentShape(int width, int height) {
    return new long[] {
      1, unet.config().outChannels(), side("height", height), side("width", width)
    };
  }

  private long side(String name, int pixels) {
    int multiple = space.downscale();
    if (pixels % multiple != 0) {
      throw new IllegalArgumentException(
          "%s must be a multiple of %d for this model: %d".formatted(name, multiple, pixels));
    }
    return pixels / multiple;
  }

  /// The network's output for `x` `[N, C, H, W]`.
  ///
  /// @param context hidden states `[N, L, D]`
  Tensor predict(Tensor x, double timestep, Tensor context) {
    Tensor timesteps = Tensor.full(timestep, x.size(0)).to(device);
    return unet.predict(x.to(precision), timesteps, context).to(Precision.F32);
  }

  /// Frees all weights.
  void release() {
    weights.forEach(WeightSource::release);
  }
}
