package dev.latente.vae;

import java.util.List;

/// The sizes of a variational autoencoder, named as in diffusers' `vae/config.json`.
///
/// @param inChannels channels of a picture: 3
/// @param outChannels channels of a decoded picture: 3
/// @param blockOutChannels channels of each level, from the widest picture down; the picture is
///   halved between two
/// @param layersPerBlock residual blocks of a level of the encoder; the decoder has one more
/// @param latentChannels channels of the latents: 4
/// @param normNumGroups groups of each group normalization
/// @param sampleSize side of the pictures it was trained on, in pixels
/// @param scalingFactor latents are multiplied by it, so that their variance is about one
/// @param shiftFactor is taken from latents before they are multiplied: 0 in Stable Diffusion
/// @param forceUpcast whether it must run in f32, because its activations overflow f16
/// @param useQuantConv whether a 1×1 convolution follows the encoder
/// @param usePostQuantConv whether a 1×1 convolution precedes the decoder
/// @param midBlockAddAttention whether the middle block has attention
public record VaeConfig(
    int inChannels,
    int outChannels,
    List<Integer> blockOutChannels,
    int layersPerBlock,
    int latentChannels,
    int normNumGroups,
    int sampleSize,
    double scalingFactor,
    double shiftFactor,
    boolean forceUpcast,
    boolean useQuantConv,
    boolean usePostQuantConv,
    boolean midBlockAddAttention)
    implements CodecConfig {

  /// The scale of the latents of SD 1 and 2: [Rombach et al.
  /// (2022)](https://arxiv.org/abs/2112.10752), appendix G.
  public static final double SD_SCALING_FACTOR = 0.18215;

  public VaeConfig {
    blockOutChannels = List.copyOf(blockOutChannels);
    positive("the number of block_out_channels", blockOutChannels.size());
    positive("in_channels", inChannels);
    positive("out_channels", outChannels);
    positive("layers_per_block", layersPerBlock);
    positive("latent_channels", latentChannels);
    positive("norm_num_groups", normNumGroups);
    positive("sample_size", sampleSize);
    for (int channels : blockOutChannels) {
      positive("block_out_channels", channels);
      if (channels % normNumGroups != 0) {
        throw new IllegalArgumentException(
            "norm_num_groups must divide block_out_channels: %d does not divide %d"
                .formatted(normNumGroups, channels));
      }
    }
    if (!(scalingFactor > 0)) {
      throw new IllegalArgumentException("scaling_factor must be positive: " + scalingFactor);
    }
  }

  /// An autoencoder of RGB pictures with everything else as in Stable Diffusion 1.
  public static VaeConfig of(
      List<Integer> blockOutChannels,
      int layersPerBlock,
      int latentChannels,
      int normNumGroups,
      int sampleSize,
      double scalingFactor) {
    return new VaeConfig(
        3,
        3,
        blockOutChannels,
        layersPerBlock,
        latentChannels,
        normNumGroups,
        sampleSize,
        scalingFactor,
        0,
        false,
        true,
        true,
        true);
  }

  /// How many pixels of the picture one latent pixel stands for, along each side: 8.
  @Override
  public int downscale() {
    return 1 << (blockOutChannels.size() - 1);
  }

  /// The decoder doubles the map before it narrows it.
  @Override
  public int widestMap() {
    return blockOutChannels.get(Math.min(1, blockOutChannels.size() - 1));
  }

  /// The same autoencoder with another scale of its latents, as training measures it at its end.
  public VaeConfig withScalingFactor(double factor) {
    return new VaeConfig(
        inChannels,
        outChannels,
        blockOutChannels,
        layersPerBlock,
        latentChannels,
        normNumGroups,
        sampleSize,
        factor,
        shiftFactor,
        forceUpcast,
        useQuantConv,
        usePostQuantConv,
        midBlockAddAttention);
  }

  static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
