package dev.latente.unet;

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
    positive("transformer_layers_per_block", transformerLayersPerBlock, levels);
    positive("sample_size", sampleSize);
    positive("in_channels", inChannels);
    positive("out_channels", outChannels);
    positive("cross_attention_dim", crossAttentionDim);
    positive("norm_num_groups", normNumGroups);
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

  /// What diffusers' `UNet2DConditionModel` has when nothing else is said.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that begins with the values of this config.
  public Builder toBuilder() {
    return new Builder(this);
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

  /// Collects a [UNetConfig]; not thread-safe. What is not set has diffusers' default.
  public static final class Builder {
    private int sampleSize = 64;
    private int inChannels = 4;
    private int outChannels = 4;
    private boolean flipSinToCos = true;
    private double freqShift = 0;
    private List<DownBlockType> downBlockTypes =
        List.of(
            DownBlockType.CrossAttnDownBlock2D,
            DownBlockType.CrossAttnDownBlock2D,
            DownBlockType.CrossAttnDownBlock2D,
            DownBlockType.DownBlock2D);
    private MidBlockType midBlockType = MidBlockType.UNetMidBlock2DCrossAttn;
    private List<UpBlockType> upBlockTypes =
        List.of(
            UpBlockType.UpBlock2D,
            UpBlockType.CrossAttnUpBlock2D,
            UpBlockType.CrossAttnUpBlock2D,
            UpBlockType.CrossAttnUpBlock2D);
    private List<Boolean> onlyCrossAttention = List.of(false);
    private List<Integer> blockOutChannels = List.of(320, 640, 1280, 1280);
    private List<Integer> layersPerBlock = List.of(2);
    private List<Integer> attentionHeads = List.of(8);
    private List<Integer> transformerLayersPerBlock = List.of(1);
    private int crossAttentionDim = 1280;
    private int normNumGroups = 32;
    private double normEps = 1e-5;
    private boolean useLinearProjection = false;
    private boolean upcastAttention = false;
    private OptionalInt timeCondProjDim = OptionalInt.empty();
    private OptionalInt numClassEmbeds = OptionalInt.empty();
    private AdditionEmbed additionEmbed = new AdditionEmbed.None();

    private Builder() {}

    private Builder(UNetConfig config) {
      sampleSize = config.sampleSize;
      inChannels = config.inChannels;
      outChannels = config.outChannels;
      flipSinToCos = config.flipSinToCos;
      freqShift = config.freqShift;
      downBlockTypes = config.downBlockTypes;
      midBlockType = config.midBlockType;
      upBlockTypes = config.upBlockTypes;
      onlyCrossAttention = config.onlyCrossAttention;
      blockOutChannels = config.blockOutChannels;
      layersPerBlock = config.layersPerBlock;
      attentionHeads = config.attentionHeads;
      transformerLayersPerBlock = config.transformerLayersPerBlock;
      crossAttentionDim = config.crossAttentionDim;
      normNumGroups = config.normNumGroups;
      normEps = config.normEps;
      useLinearProjection = config.useLinearProjection;
      upcastAttention = config.upcastAttention;
      timeCondProjDim = config.timeCondProjDim;
      numClassEmbeds = config.numClassEmbeds;
      additionEmbed = config.additionEmbed;
    }

    /// Sets [UNetConfig#sampleSize].
    public Builder sampleSize(int size) {
      sampleSize = size;
      return this;
    }

    /// Sets [UNetConfig#inChannels].
    public Builder inChannels(int channels) {
      inChannels = channels;
      return this;
    }

    /// Sets [UNetConfig#outChannels].
    public Builder outChannels(int channels) {
      outChannels = channels;
      return this;
    }

    /// Sets [UNetConfig#flipSinToCos] and [UNetConfig#freqShift].
    public Builder timestepEmbedding(boolean cosFirst, double shift) {
      flipSinToCos = cosFirst;
      freqShift = shift;
      return this;
    }

    /// Sets [UNetConfig#downBlockTypes]; their number is the number of levels.
    public Builder downBlockTypes(List<DownBlockType> types) {
      downBlockTypes = types;
      return this;
    }

    /// Sets [UNetConfig#midBlockType].
    public Builder midBlockType(MidBlockType type) {
      midBlockType = type;
      return this;
    }

    /// Sets [UNetConfig#upBlockTypes], the narrowest picture first.
    public Builder upBlockTypes(List<UpBlockType> types) {
      upBlockTypes = types;
      return this;
    }

    /// Sets [UNetConfig#onlyCrossAttention]; one value stands for all levels.
    public Builder onlyCrossAttention(List<Boolean> values) {
      onlyCrossAttention = values;
      return this;
    }

    /// Sets [UNetConfig#blockOutChannels].
    public Builder blockOutChannels(List<Integer> channels) {
      blockOutChannels = channels;
      return this;
    }

    /// Sets [UNetConfig#layersPerBlock]; one value stands for all levels.
    public Builder layersPerBlock(List<Integer> layers) {
      layersPerBlock = layers;
      return this;
    }

    /// Sets [UNetConfig#attentionHeads]; one value stands for all levels.
    public Builder attentionHeads(List<Integer> heads) {
      attentionHeads = heads;
      return this;
    }

    /// Sets [UNetConfig#transformerLayersPerBlock]; one value stands for all levels.
    public Builder transformerLayersPerBlock(List<Integer> layers) {
      transformerLayersPerBlock = layers;
      return this;
    }

    /// Sets [UNetConfig#crossAttentionDim].
    public Builder crossAttentionDim(int width) {
      crossAttentionDim = width;
      return this;
    }

    /// Sets [UNetConfig#normNumGroups] and [UNetConfig#normEps].
    public Builder norm(int groups, double eps) {
      normNumGroups = groups;
      normEps = eps;
      return this;
    }

    /// Sets [UNetConfig#useLinearProjection].
    public Builder useLinearProjection(boolean linear) {
      useLinearProjection = linear;
      return this;
    }

    /// Sets [UNetConfig#upcastAttention].
    public Builder upcastAttention(boolean upcast) {
      upcastAttention = upcast;
      return this;
    }

    /// Sets [UNetConfig#timeCondProjDim].
    public Builder timeCondProjDim(OptionalInt width) {
      timeCondProjDim = width;
      return this;
    }

    /// Sets [UNetConfig#numClassEmbeds].
    public Builder numClassEmbeds(OptionalInt classes) {
      numClassEmbeds = classes;
      return this;
    }

    /// Sets [UNetConfig#additionEmbed].
    public Builder additionEmbed(AdditionEmbed embed) {
      additionEmbed = embed;
      return this;
    }

    /// Makes the config; a list of one value is repeated for each level.
    ///
    /// @throws IllegalArgumentException if the sizes do not fit together
    public UNetConfig build() {
      return new UNetConfig(
          sampleSize,
          inChannels,
          outChannels,
          flipSinToCos,
          freqShift,
          downBlockTypes,
          midBlockType,
          upBlockTypes,
          perLevel(onlyCrossAttention),
          blockOutChannels,
          perLevel(layersPerBlock),
          perLevel(attentionHeads),
          perLevel(transformerLayersPerBlock),
          crossAttentionDim,
          normNumGroups,
          normEps,
          useLinearProjection,
          upcastAttention,
          timeCondProjDim,
          numClassEmbeds,
          additionEmbed);
    }

    private <T> List<T> perLevel(List<T> values) {
      return values.size() == 1
          ? Collections.nCopies(downBlockTypes.size(), values.getFirst())
          : values;
    }
  }
}
