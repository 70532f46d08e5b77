package dev.latente.training;

import dev.latente.control.ControlNetConfig;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Init;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/// The first weights of a ControlNet: copies of the U-Net's on its way down, and zeros where the
/// network meets the U-Net, so that it changes nothing at first: [Zhang et al.
/// (2023)](https://arxiv.org/abs/2302.05543), section 3.1.
///
/// The paper has zeros where the map enters too. Here the map is seen from the first step: what is
/// multiplied by zero twice learns nothing before one of both has grown for other reasons.
final class ControlWeights {
  private ControlWeights() {}

  static FreshWeights of(ControlNetConfig config, Map<String, Tensor> unet, long seed) {
    Map<String, Init> first = new HashMap<>();
    unet.forEach((name, tensor) -> first.put(name, (noise, shape) -> tensor.times(1)));
    int skips = config.unet().skipChannels().size();
    for (int i = 0; i < skips; i++) {
      zero(first, "controlnet_down_blocks." + i);
    }
    zero(first, "controlnet_mid_block");
    return new FreshWeights(RandomNoise.seeded(seed), first);
  }

  private static void zero(Map<String, Init> first, String layer) {
    first.put(layer + ".weight", Init.ZEROS);
    first.put(layer + ".bias", Init.ZEROS);
  }
}
