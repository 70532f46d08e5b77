package dev.latente.training;

import dev.latente.nn.ClipActivation;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import dev.latente.vae.VaeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Sizes of small models that learn on an ordinary PC, in the architecture of Stable Diffusion.
///
/// @param pictureSize side of the pictures, in pixels
/// @param vaeChannels channels of the autoencoder's levels; the picture is halved between two
/// @param latentChannels channels of the latents, 4 to 16
/// @param unetChannels channels of the U-Net's levels, multiples of 16; all but the first look at
///   the text
/// @param unetLayers residual blocks of a level on the way down
/// @param textWidth width of the text's hidden states
/// @param textLayers layers of the text encoder
/// @param vocabulary most tokens the text encoder knows
public record SmallModel(
    int pictureSize,
    List<Integer> vaeChannels,
    int latentChannels,
    List<Integer> unetChannels,
    int unetLayers,
    int textWidth,
    int textLayers,
    int vocabulary) {
  private static final int HEADS = 4;
  private static final int UNET_GROUPS = 16;
  private static final int VAE_GROUPS = 8;
  private static final int PROMPT_LENGTH = 77;

  /// The sizes of the model that ships with the project: 128 × 128 pixels, latents 32 × 32 × 4.
  public static final SmallModel MINI =
      new SmallModel(128, List.of(16, 32, 64), 4, List.of(48, 64, 128), 1, 128, 3, 2048);

  public SmallModel {
    vaeChannels = List.copyOf(vaeChannels);
    unetChannels = List.copyOf(unetChannels);
    int downscale = 1 << (vaeChannels.size() - 1);
    if (pictureSize <= 0 || pictureSize % downscale != 0) {
      throw new IllegalArgumentException(
          "the pictures' side must be a positive multiple of %d: %d"
              .formatted(downscale, pictureSize));
    }
    if (unetChannels.isEmpty()) {
      throw new IllegalArgumentException("the U-Net needs at least one level");
    }
  }

  /// The same with an autoencoder of other sizes.
  public SmallModel withAutoencoder(VaeConfig vae) {
    return new SmallModel(
        pictureSize,
        vae.blockOutChannels(),
        vae.latentChannels(),
        unetChannels,
        unetLayers,
        textWidth,
        textLayers,
        vocabulary);
  }

  /// The autoencoder; it has no attention, so that it works on pieces of pictures as on whole ones.
  public VaeConfig vae() {
    return new VaeConfig(
        3,
        3,
        vaeChannels,
        1,
        latentChannels,
        VAE_GROUPS,
        pictureSize,
        1,
        0,
        false,
        true,
        true,
        false);
  }

  /// The U-Net among latents.
  public UNetConfig latentUNet() {
    return unet(pictureSize >> (vaeChannels.size() - 1), latentChannels);
  }

  /// The U-Net among pixels: the classical kind, with more numbers to denoise.
  public UNetConfig pixelUNet() {
    return unet(pictureSize, 3);
  }

  private UNetConfig unet(int side, int channels) {
    List<DownBlockType> down = new ArrayList<>();
    List<UpBlockType> up = new ArrayList<>();
    for (int level = 0; level < unetChannels.size(); level++) {
      boolean attends = level > 0;
      down.add(attends ? DownBlockType.CrossAttnDownBlock2D : DownBlockType.DownBlock2D);
      up.addFirst(attends ? UpBlockType.CrossAttnUpBlock2D : UpBlockType.UpBlock2D);
    }
    return UNetConfig.builder()
        .sampleSize(side)
        .inChannels(channels)
        .outChannels(channels)
        .downBlockTypes(down)
        .upBlockTypes(up)
        .blockOutChannels(unetChannels)
        .layersPerBlock(List.of(unetLayers))
        .attentionHeads(List.of(HEADS))
        .crossAttentionDim(textWidth)
        .norm(UNET_GROUPS, 1e-5)
        .useLinearProjection(true)
        .build();
  }

  /// The text encoder.
  public ClipTextConfig text() {
    return new ClipTextConfig(
        vocabulary,
        textWidth,
        4 * textWidth,
        textLayers,
        HEADS,
        PROMPT_LENGTH,
        ClipActivation.QUICK_GELU,
        1e-5,
        textWidth,
        2,
        false);
  }

  /// The noise: v-prediction down to almost no signal, so that dark and bright pictures come out so
  /// (Lin et al., 2023, [section 3](https://arxiv.org/abs/2305.08891)); sampled by DPM++ 2M.
  public static SchedulerConfig scheduler() {
    return SchedulerConfig.of(
        "DPMSolverMultistepScheduler",
        Map.of(
            "num_train_timesteps",
            1000,
            "beta_start",
            0.0001,
            "beta_end",
            0.02,
            "beta_schedule",
            "linear",
            "prediction_type",
            "v_prediction",
            "timestep_spacing",
            "trailing",
            "steps_offset",
            1));
  }
}
