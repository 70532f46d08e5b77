package dev.latente.vae;

import java.util.Collections;
import java.util.List;

/// The sizes of a tiny autoencoder, named as in diffusers' `AutoencoderTiny`.
///
/// @param inChannels channels of a picture: 3
/// @param outChannels channels of a decoded picture: 3
/// @param encoderBlockOutChannels channels of each level of the encoder, all equal: `[64, 64, 64,
///   64]`
/// @param decoderBlockOutChannels channels of each level of the decoder, all equal
/// @param latentChannels channels of the latents: 4
/// @param numEncoderBlocks residual blocks of each level of the encoder: `[1, 3, 3, 3]`
/// @param numDecoderBlocks residual blocks of each level of the decoder: `[3, 3, 3, 1]`
/// @param scalingFactor latents are multiplied by it: 1, as it was trained on scaled ones
/// @param shiftFactor is taken from latents before they are multiplied: 0
/// @param hasEncoder whether the weights of the encoder are there; the published files have those
///   of the decoder alone
public record TinyVaeConfig(
    int inChannels,
    int outChannels,
    List<Integer> encoderBlockOutChannels,
    List<Integer> decoderBlockOutChannels,
    int latentChannels,
    List<Integer> numEncoderBlocks,
    List<Integer> numDecoderBlocks,
    double scalingFactor,
    double shiftFactor,
    boolean hasEncoder)
    implements CodecConfig {

  public TinyVaeConfig {
    encoderBlockOutChannels = List.copyOf(encoderBlockOutChannels);
    decoderBlockOutChannels = List.copyOf(decoderBlockOutChannels);
    numEncoderBlocks = List.copyOf(numEncoderBlocks);
    numDecoderBlocks = List.copyOf(numDecoderBlocks);
    VaeConfig.positive("in_channels", inChannels);
    VaeConfig.positive("out_channels", outChannels);
    VaeConfig.positive("latent_channels", latentChannels);
    requireLevels("encoder", encoderBlockOutChannels, numEncoderBlocks);
    requireLevels("decoder", decoderBlockOutChannels, numDecoderBlocks);
    if (numEncoderBlocks.size() != numDecoderBlocks.size()) {
      throw new IllegalArgumentException(
          "num_encoder_blocks and num_decoder_blocks must be as many: %d and %d"
              .formatted(numEncoderBlocks.size(), numDecoderBlocks.size()));
    }
    if (!(scalingFactor > 0)) {
      throw new IllegalArgumentException("scaling_factor must be positive: " + scalingFactor);
    }
  }

  /// The one that was published for Stable Diffusion 1 and 2 and, with other weights, XL:
  /// [TAESD](https://github.com/madebyollin/taesd).
  ///
  /// @param hasEncoder whether there is more than the decoder
  public static TinyVaeConfig taesd(int channels, int latentChannels, boolean hasEncoder) {
    List<Integer> widths = Collections.nCopies(4, channels);
    return new TinyVaeConfig(
        3,
        3,
        widths,
        widths,
        latentChannels,
        List.of(1, 3, 3, 3),
        List.of(3, 3, 3, 1),
        1,
        0,
        hasEncoder);
  }

  @Override
  public int downscale() {
    return 1 << (numDecoderBlocks.size() - 1);
  }

  @Override
  public int widestMap() {
    return Math.max(encoderBlockOutChannels.getFirst(), decoderBlockOutChannels.getFirst());
  }

  /// Its activations are small.
  @Override
  public boolean forceUpcast() {
    return false;
  }

  private static void requireLevels(String side, List<Integer> channels, List<Integer> blocks) {
    VaeConfig.positive("the number of %s_block_out_channels".formatted(side), channels.size());
    if (channels.size() != blocks.size()) {
      throw new IllegalArgumentException(
          "%s_block_out_channels and num_%s_blocks must be as many: %d and %d"
              .formatted(side, side, channels.size(), blocks.size()));
    }
    channels.forEach(width -> VaeConfig.positive(side + "_block_out_channels", width));
    blocks.forEach(count -> VaeConfig.positive("num_%s_blocks".formatted(side), count));
    if (channels.stream().distinct().count() > 1) {
      throw new IllegalArgumentException(
          "%s_block_out_channels must be equal: %s".formatted(side, channels));
    }
  }
}
