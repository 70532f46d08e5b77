package dev.latente.control;

import dev.latente.unet.UNetConfig;
import java.util.List;

/// The sizes of a [ControlNet].
///
/// @param unet those of the U-Net whose way down it copies; its way up has no meaning here
/// @param mapChannels of the picture it is shown (`conditioning_channels`)
/// @param embeddingChannels of the layers that bring the map to the latents' size; it is halved
///   between two (`conditioning_embedding_out_channels`)
/// @param blueFirst whether it was trained on maps with blue as the first channel
///   (`controlnet_conditioning_channel_order`)
/// @param pooled whether it tells the U-Net one number per channel, not where
///   (`global_pool_conditions`): shuffled pictures
public record ControlNetConfig(
    UNetConfig unet,
    int mapChannels,
    List<Integer> embeddingChannels,
    boolean blueFirst,
    boolean pooled) {
  /// The published networks' (`conditioning_embedding_out_channels`).
  public static final List<Integer> USUAL_EMBEDDING = List.of(16, 32, 96, 256);

  public ControlNetConfig {
    embeddingChannels = List.copyOf(embeddingChannels);
    if (mapChannels <= 0) {
      throw new IllegalArgumentException("conditioning_channels must be positive: " + mapChannels);
    }
    if (embeddingChannels.isEmpty() || embeddingChannels.stream().anyMatch(n -> n <= 0)) {
      throw new IllegalArgumentException(
          "conditioning_embedding_out_channels must be positive: " + embeddingChannels);
    }
  }

  /// A network for RGB maps beside a U-Net of sizes `unet`, as the published ones are.
  public static ControlNetConfig of(UNetConfig unet) {
    return new ControlNetConfig(unet, 3, USUAL_EMBEDDING, false, false);
  }

  /// How many pixels of the map one latent stands for, along each side.
  public int downscale() {
    return 1 << (embeddingChannels.size() - 1);
  }
}
