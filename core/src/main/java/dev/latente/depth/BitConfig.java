package dev.latente.depth;

import java.util.List;

/// The sizes of a [BitNetwork].
///
/// @param embeddingSize channels of the first convolution
/// @param hiddenSizes channels of each stage
/// @param depths layers of each stage
/// @param groups of each norm
public record BitConfig(
    int embeddingSize, List<Integer> hiddenSizes, List<Integer> depths, int groups) {
  public BitConfig {
    hiddenSizes = List.copyOf(hiddenSizes);
    depths = List.copyOf(depths);
    VitConfig.positive("embedding_size", embeddingSize);
    VitConfig.positive("num_groups", groups);
    if (depths.size() != 3 || hiddenSizes.size() < depths.size()) {
      throw new IllegalArgumentException(
          "a hybrid needs three stages with hidden_sizes: depths %s, hidden_sizes %s"
              .formatted(depths, hiddenSizes));
    }
    hiddenSizes.forEach(width -> VitConfig.positive("hidden_sizes", width));
    depths.forEach(layers -> VitConfig.positive("depths", layers));
  }
}
