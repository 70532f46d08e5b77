package dev.latente.depth;

import java.util.List;

/// The sizes of a [DepthNetwork].
///
/// @param backbone what sees the picture
/// @param neckSizes channels of each feature map after reassembling, the finest first
/// @param factors how much larger than the patches' each feature map becomes
/// @param fusionSize channels while they are fused
/// @param headSize channels of the last layer but one
/// @param readout what is done with the token that stands for the whole picture
/// @param fusion how large fused maps become
/// @param unit what the numbers mean
public record DepthConfig(
    BackboneConfig backbone,
    List<Integer> neckSizes,
    List<Double> factors,
    int fusionSize,
    int headSize,
    Readout readout,
    Fusion fusion,
    Unit unit) {

  /// What is done with the token that stands for the whole picture: Ranftl et al. (2021), section
  /// 3.1.
  public enum Readout {
    /// It is left out.
    IGNORE,
    /// It is added to each patch.
    ADD,
    /// It is laid beside each patch, and both are mapped together.
    PROJECT
  }

  /// How large a fused map becomes.
  public enum Fusion {
    /// Twice as large: DPT.
    TWICE,
    /// As large as the next finer one, and the last as the picture: Depth Anything.
    LIKE_NEXT
  }

  /// What the numbers mean.
  public sealed interface Unit {
    /// Nearness, up to an unknown scale and shift: the larger, the nearer.
    record Nearness() implements Unit {}

    /// Metres from the camera.
    ///
    /// @param most the farthest
    record Metres(double most) implements Unit {}
  }

  public DepthConfig {
    neckSizes = List.copyOf(neckSizes);
    factors = List.copyOf(factors);
    VitConfig.positive("fusion_hidden_size", fusionSize);
    VitConfig.positive("head_hidden_size", headSize);
    int maps =
        switch (backbone) {
          case BackboneConfig.Plain plain -> plain.layers().size();
          case BackboneConfig.Hybrid hybrid -> hybrid.layers().size() + 2;
        };
    if (maps == 0 || neckSizes.size() != maps || factors.size() != maps) {
      throw new IllegalArgumentException(
          ("neck_hidden_sizes and reassemble_factors must have one entry for each of %d feature"
                  + " maps: %s and %s")
              .formatted(maps, neckSizes, factors));
    }
    neckSizes.forEach(width -> VitConfig.positive("neck_hidden_sizes", width));
    if (factors.stream().anyMatch(factor -> !(factor > 0))) {
      throw new IllegalArgumentException("reassemble_factors must be positive: " + factors);
    }
  }
}
