package dev.latente.model;

import dev.latente.nn.ClipActivation;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import dev.latente.vae.VaeConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// The published architectures, whose sizes a single file does not state: as in the `config.json`
/// files of the models' own folders on the Hugging Face hub.
enum Architecture {
  SD_1(
      UNetConfig.builder().crossAttentionDim(768).build(),
      ldmVae(512),
      List.of(Text.CLIP_L),
      """
      {"_class_name": "PNDMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear",
       "beta_start": 0.00085, "clip_sample": false, "num_train_timesteps": 1000,
       "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1}
      """),
  SD_2(
      UNetConfig.builder()
          .sampleSize(96)
          .attentionHeads(List.of(5, 10, 20, 20))
          .crossAttentionDim(1024)
          .useLinearProjection(true)
          .upcastAttention(true)
          .build(),
      ldmVae(768),
      List.of(Text.OPEN_CLIP_H),
      """
      {"_class_name": "DDIMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear",
       "beta_start": 0.00085, "clip_sample": false, "num_train_timesteps": 1000,
       "prediction_type": "v_prediction", "set_alpha_to_one": false, "skip_prk_steps": true,
       "steps_offset": 1}
      """),
  SD_XL(
      UNetConfig.builder()
          .sampleSize(128)
          .downBlockTypes(
              List.of(
                  DownBlockType.DownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D))
          .upBlockTypes(
              List.of(
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.UpBlock2D))
          .blockOutChannels(List.of(320, 640, 1280))
          .attentionHeads(List.of(5, 10, 20))
          .transformerLayersPerBlock(List.of(1, 2, 10))
          .crossAttentionDim(2048)
          .useLinearProjection(true)
          .additionEmbed(new AdditionEmbed.TextTime(256, 2816))
          .build(),
      xlVae(),
      List.of(Text.CLIP_L, Text.OPEN_CLIP_G),
      Text.XL_SCHEDULER),
  SD_XL_REFINER(
      UNetConfig.builder()
          .sampleSize(128)
          .downBlockTypes(
              List.of(
                  DownBlockType.DownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D,
                  DownBlockType.DownBlock2D))
          .upBlockTypes(
              List.of(
                  UpBlockType.UpBlock2D,
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.UpBlock2D))
          .blockOutChannels(List.of(384, 768, 1536, 1536))
          .attentionHeads(List.of(6, 12, 24, 24))
          .transformerLayersPerBlock(List.of(4))
          .crossAttentionDim(1280)
          .useLinearProjection(true)
          .additionEmbed(new AdditionEmbed.TextTime(256, 2560))
          .build(),
      xlVae(),
      List.of(Text.OPEN_CLIP_G),
      Text.XL_SCHEDULER),
  UPSCALER(
      UNetConfig.builder()
          .sampleSize(128)
          .inChannels(7)
          .downBlockTypes(
              List.of(
                  DownBlockType.DownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D))
          .upBlockTypes(
              List.of(
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.UpBlock2D))
          .onlyCrossAttention(List.of(true, true, true, false))
          .blockOutChannels(List.of(256, 512, 512, 1024))
          .crossAttentionDim(1024)
          .useLinearProjection(true)
          .numClassEmbeds(OptionalInt.of(1000))
          .build(),
      VaeConfig.of(List.of(128, 256, 512), 2, 4, 32, 256, 0.08333),
      List.of(Text.OPEN_CLIP_H),
      """
      {"_class_name": "DDIMScheduler", "beta_end": 0.02, "beta_schedule": "scaled_linear",
       "beta_start": 0.0001, "clip_sample": false, "num_train_timesteps": 1000,
       "prediction_type": "v_prediction", "set_alpha_to_one": false, "skip_prk_steps": true,
       "steps_offset": 1}
      """);

  /// The text encoders, and what would be a forward reference among the constants above.
  private static final class Text {
    static final ClipTextConfig CLIP_L =
        new ClipTextConfig(
            49408, 768, 3072, 12, 12, 77, ClipActivation.QUICK_GELU, 1e-5, 768, 49407, false);

    /// SD 2 takes the hidden states before the last of 24 layers.
    static final ClipTextConfig OPEN_CLIP_H =
        new ClipTextConfig(
            49408, 1024, 4096, 23, 16, 77, ClipActivation.GELU, 1e-5, 512, 49407, false);

    static final ClipTextConfig OPEN_CLIP_G =
        new ClipTextConfig(
            49408, 1280, 5120, 32, 20, 77, ClipActivation.GELU, 1e-5, 1280, 49407, true);

    static final String XL_SCHEDULER =
        """
        {"_class_name": "EulerDiscreteScheduler", "beta_end": 0.012,
         "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false,
         "num_train_timesteps": 1000, "prediction_type": "epsilon", "set_alpha_to_one": false,
         "skip_prk_steps": true, "steps_offset": 1, "timestep_spacing": "leading"}
        """;
  }

  private final UNetConfig unet;
  private final VaeConfig vae;
  private final List<ClipTextConfig> texts;
  private final String scheduler;

  Architecture(UNetConfig unet, VaeConfig vae, List<ClipTextConfig> texts, String scheduler) {
    this.unet = unet;
    this.vae = vae;
    this.texts = texts;
    this.scheduler = scheduler;
  }

  UNetConfig unet() {
    return unet;
  }

  VaeConfig vae() {
    return vae;
  }

  List<ClipTextConfig> texts() {
    return texts;
  }

  /// A copy of the scheduler's settings, which may be changed.
  ObjectNode scheduler() {
    return Json.parse(name(), ByteBuffer.wrap(scheduler.getBytes(StandardCharsets.UTF_8)));
  }

  private static VaeConfig ldmVae(int sampleSize) {
    return VaeConfig.of(
        List.of(128, 256, 512, 512), 2, 4, 32, sampleSize, VaeConfig.SD_SCALING_FACTOR);
  }

  private static VaeConfig xlVae() {
    return new VaeConfig(
        3, 3, List.of(128, 256, 512, 512), 2, 4, 32, 1024, 0.13025, 0, true, true, true, true);
  }
}
