package dev.latente.unet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/// The sizes of a U-Net: what SD 1, 2 and XL differ in, named as in diffusers' `unet/config.json`.
///
/// Lists have one entry for each level, from the widest picture down.
///
/// @param sampleSize side of the latents the model was trained on, in latent pixels
/// @param inChannels channels of the input: 4 latents, and 5 for inpainting, 1 for depth, …
/// @param flipSinToCos whether a timestep's cosines come before its sines
/// @param freqShift subtracted from the number of frequencies in a timestep's embedding
/// @param onlyCrossAttention whether a level's first attention also looks at the text
/// @param layersPerBlock residual blocks of a level on the way down; one more on the way up
/// @param attentionHeads heads of each level; diffusers calls it `attention_head_dim`, a misnomer
/// @param transformerLayersPerBlock transformer blocks after each residual block
/// @param crossAttentionDim width of the text's hidden states
/// @param useLinearProjection whether transformers are entered by a linear map, not a 1×1
///   convolution
/// @param upcastAttention whether attention scores are computed in f32 in a half-precision model
/// @param timeCondProjDim width of an embedded guidance scale, for models distilled with one
/// @param numClassEmbeds size of a table of class (or noise level) embeddings
/// @param additionEmbed what is added to the timestep's embedding
public record UNetConfig(
    int sampleSize,
    int inChannels,
    int outChannels,
    boolean flipSinToCos,
    double freqShift,
    List<DownBlockType> downBlockTypes,
    MidBlockType midBlockType,
    List<UpBlockType> upBlockTypes,
    List<Boolean> onlyCrossAttention,
    List<Integer> blockOutChannels,
    List<Integer> layersPerBlock,
    List<Integer> attentionHeads,
    List<Integer> transformerLayersPerBlock,
    int crossAttentionDim,
    int normNumGroups,
    double normEps,
    boolean useLinearProjection,
    boolean upcastAttention,
    OptionalInt timeCondProjDim,
    OptionalInt numClassEmbeds,
    AdditionEmbed additionEmbed) {

  /// A level on the way down.
  public enum DownBlockType {
    /// Residual blocks only.
    DownBlock2D,
    /// Residual blocks, each followed by a transformer that looks at the text.
    CrossAttnDownBlock2D
  }

  /// What stands between the way down and the way up.
  public enum MidBlockType {
    /// Residual block, transformer, residual block.
    UNetMidBlock2DCrossAttn,
    /// One residual block.
    UNetMidBlock2D,
    /// Nothing.
    None
  }

  /// A level on the way up.
  public enum UpBlockType {
    /// Residual blocks only.
    UpBlock2D,
    /// Residual blocks, each followed by a transformer that looks at the text.
    CrossAttnUpBlock2D
  }

  /// What a U-Net is told beside the timestep and the text.
  public sealed interface AdditionEmbed {
    /// Nothing: SD 1 and 2.
    record None() implements AdditionEmbed {}

    /// A picture's embedding and sinusoids of its noise level: unCLIP.
    ///
    /// @param inputDim width of both together (`projection_class_embeddings_input_dim`)
    record Picture(int inputDim) implements AdditionEmbed {
      public Picture {
        positive("projection_class_embeddings_input_dim", inputDim);
      }
    }

    /// The pooled text and a few numbers (sizes, crop, score): SDXL.
    ///
    /// @param timeEmbedDim width of each number's sinusoids (`addition_time_embed_dim`)
    /// @param inputDim width of all together (`projection_class_embeddings_input_dim`)
    record TextTime(int timeEmbedDim, int inputDim) implements AdditionEmbed {
      public TextTime {
        positive("addition_time_embed_dim", timeEmbedDim);
        positive("projection_class_embeddings_input_dim", inputDim);
      }
    }
  }

  public UNetConfig {
    downBlockTypes = List.copyOf(downBlockTypes);
    upBlockTypes = List.copyOf(upBlockTypes);
    onlyCrossAttention = List.copyOf(onlyCrossAttention);
    blockOutChannels = List.copyOf(blockOutChannels);
    layersPerBlock = List.copyOf(layersPerBlock);
    attentionHeads = List.copyOf(attentionHeads);
    transformerLayersPerBlock = List.copyOf(transformerLayersPerBlock);
    int levels = downBlockTypes.size();
    positive("the number of down_block_types", levels);
    same("up_block_types", upBlockTypes, levels);
    same("only_cross_attention", onlyCrossAttention, levels);
    positive("block_out_channels", blockOutChannels, levels);
    positive("layers_per_block", layersPerBlock, levels);
    positive("attention_head_dim (the number of heads)", attentionHeads, levels);
    same("transformer_layers_per_block", transformerLayersPerBlock, levels);
    if (Collections.min(transformerLayersPerBlock) < 0) {
      throw new IllegalArgumentException(
          "transformer_layers_per_block must not be negative: " + transformerLayersPerBlock);
    }
    positive("sample_size", sampleSize);
    positive("in_channels", inChannels);
    positive("out_channels", outChannels);
    positive("cross_attention_dim", crossAttentionDim);
    positive("norm_num_groups", normNumGroups);
    timeCondProjDim.ifPresent(width -> positive("time_cond_proj_dim", width));
    numClassEmbeds.ifPresent(classes -> positive("num_class_embeds", classes));
    if (!(normEps > 0)) {
      throw new IllegalArgumentException("norm_eps must be positive: " + normEps);
    }
    for (int channels : blockOutChannels) {
      divides("norm_num_groups", normNumGroups, channels);
    }
    for (int level = 0; level < levels; level++) {
      boolean attends =
          downBlockTypes.get(level) == DownBlockType.CrossAttnDownBlock2D
              || upBlockTypes.get(levels - 1 - level) == UpBlockType.CrossAttnUpBlock2D
              || (level == levels - 1 && midBlockType == MidBlockType.UNetMidBlock2DCrossAttn);
      if (attends) {
        divides(
            "attention_head_dim (the number of heads)",
            attentionHeads.get(level),
            blockOutChannels.get(level));
      }
    }
  }

  /// The number of levels; the picture is halved between two.
  public int levels() {
    return downBlockTypes.size();
  }

  /// The width of the embedded timestep: four times that of the first level.
  public int timeEmbedDim() {
    return 4 * blockOutChannels.getFirst();
  }

  /// The channels of what each layer of the way down leaves for the way up, the first layer's
  /// first.
  public List<Integer> skipChannels() {
    List<Integer> channels = new ArrayList<>();
    channels.add(blockOutChannels.getFirst());
    for (int level = 0; level < levels(); level++) {
      boolean halves = level < levels() - 1;
      channels.addAll(
          Collections.nCopies(
              layersPerBlock.get(level) + (halves ? 1 : 0), blockOutChannels.get(level)));
    }
    return List.copyOf(channels);
  }

  /// What diffusers' `UNet2DConditionModel` has when nothing else is said.
  public static UNetConfigBuilder builder() {
    return new UNetConfigBuilder();
  }

  /// A builder that begins with the values of this config.
  public UNetConfigBuilder toBuilder() {
    return new UNetConfigBuilder(this);
  }

  static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  private static void positive(String name, List<Integer> values, int levels) {
    same(name, values, levels);
    if (Collections.min(values) <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + values);
    }
  }

  private static void same(String name, List<?> values, int levels) {
    if (values.size() != levels) {
      throw new IllegalArgumentException(
          "%s must have one entry for each of the %d down_block_types: %s"
              .formatted(name, levels, values));
    }
  }

  private static void divides(String name, int divisor, int channels) {
    if (channels % divisor != 0) {
      throw new IllegalArgumentException(
          "%s must divide block_out_channels: %d does not divide %d"
              .formatted(name, divisor, channels));
    }
  }
}
