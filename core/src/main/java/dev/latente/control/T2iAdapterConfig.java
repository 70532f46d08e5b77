package dev.latente.control;

import java.util.ArrayList;
import java.util.List;

/// The sizes of a [T2iAdapter].
///
/// @param mapChannels of the picture it is shown (`in_channels`): 3, or 1 for grey ones
/// @param channels of the features it gives, one for each level of the U-Net's way down; of a light
///   one, the last is given twice
/// @param blocks residual blocks at each level (`num_res_blocks`)
/// @param downscale how many pixels of the map the first features' stand for (`downscale_factor`)
/// @param type how it is built (`adapter_type`)
public record T2iAdapterConfig(
    int mapChannels, List<Integer> channels, int blocks, int downscale, Type type) {
  /// How an adapter is built, named as in its config.
  public enum Type {
    /// For SD 1: halves the picture before each level but the first.
    FULL_ADAPTER,
    /// For SDXL, whose first level has no transformer: halves it before the third only.
    FULL_ADAPTER_XL,
    /// A twentieth of the weights, with narrow residual blocks.
    LIGHT_ADAPTER
  }

  public T2iAdapterConfig {
    channels = List.copyOf(channels);
    positive("in_channels", mapChannels);
    positive("num_res_blocks", blocks);
    positive("downscale_factor", downscale);
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("channels must name a width for each level: " + channels);
    }
    channels.forEach(width -> positive("channels", width));
  }

  /// The channels of each feature map it gives.
  public List<Integer> featureChannels() {
    return switch (type) {
      case FULL_ADAPTER, FULL_ADAPTER_XL -> channels;
      case LIGHT_ADAPTER -> {
        List<Integer> widths = new ArrayList<>(channels);
        widths.add(channels.getLast());
        yield List.copyOf(widths);
      }
    };
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
