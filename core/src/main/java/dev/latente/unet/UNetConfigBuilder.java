package dev.latente.unet;

import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.MidBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/// Collects a [UNetConfig]; not thread-safe. What is not set has diffusers' default.
public final class UNetConfigBuilder {
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

  UNetConfigBuilder() {}

  UNetConfigBuilder(UNetConfig config) {
    sampleSize = config.sampleSize();
    inChannels = config.inChannels();
    outChannels = config.outChannels();
    flipSinToCos = config.flipSinToCos();
    freqShift = config.freqShift();
    downBlockTypes = config.downBlockTypes();
    midBlockType = config.midBlockType();
    upBlockTypes = config.upBlockTypes();
    onlyCrossAttention = config.onlyCrossAttention();
    blockOutChannels = config.blockOutChannels();
    layersPerBlock = config.layersPerBlock();
    attentionHeads = config.attentionHeads();
    transformerLayersPerBlock = config.transformerLayersPerBlock();
    crossAttentionDim = config.crossAttentionDim();
    normNumGroups = config.normNumGroups();
    normEps = config.normEps();
    useLinearProjection = config.useLinearProjection();
    upcastAttention = config.upcastAttention();
    timeCondProjDim = config.timeCondProjDim();
    numClassEmbeds = config.numClassEmbeds();
    additionEmbed = config.additionEmbed();
  }

  /// Sets [UNetConfig#sampleSize].
  public UNetConfigBuilder sampleSize(int size) {
    sampleSize = size;
    return this;
  }

  /// Sets [UNetConfig#inChannels].
  public UNetConfigBuilder inChannels(int channels) {
    inChannels = channels;
    return this;
  }

  /// Sets [UNetConfig#outChannels].
  public UNetConfigBuilder outChannels(int channels) {
    outChannels = channels;
    return this;
  }

  /// Sets [UNetConfig#flipSinToCos] and [UNetConfig#freqShift].
  public UNetConfigBuilder timestepEmbedding(boolean cosFirst, double shift) {
    flipSinToCos = cosFirst;
    freqShift = shift;
    return this;
  }

  /// Sets [UNetConfig#downBlockTypes]; their number is the number of levels.
  public UNetConfigBuilder downBlockTypes(List<DownBlockType> types) {
    downBlockTypes = types;
    return this;
  }

  /// Sets [UNetConfig#midBlockType].
  public UNetConfigBuilder midBlockType(MidBlockType type) {
    midBlockType = type;
    return this;
  }

  /// Sets [UNetConfig#upBlockTypes], the narrowest picture first.
  public UNetConfigBuilder upBlockTypes(List<UpBlockType> types) {
    upBlockTypes = types;
    return this;
  }

  /// Sets [UNetConfig#onlyCrossAttention]; one value stands for all levels.
  public UNetConfigBuilder onlyCrossAttention(List<Boolean> values) {
    onlyCrossAttention = values;
    return this;
  }

  /// Sets [UNetConfig#blockOutChannels].
  public UNetConfigBuilder blockOutChannels(List<Integer> channels) {
    blockOutChannels = channels;
    return this;
  }

  /// Sets [UNetConfig#layersPerBlock]; one value stands for all levels.
  public UNetConfigBuilder layersPerBlock(List<Integer> layers) {
    layersPerBlock = layers;
    return this;
  }

  /// Sets [UNetConfig#attentionHeads]; one value stands for all levels.
  public UNetConfigBuilder attentionHeads(List<Integer> heads) {
    attentionHeads = heads;
    return this;
  }

  /// Sets [UNetConfig#transformerLayersPerBlock]; one value stands for all levels.
  public UNetConfigBuilder transformerLayersPerBlock(List<Integer> layers) {
    transformerLayersPerBlock = layers;
    return this;
  }

  /// Sets [UNetConfig#crossAttentionDim].
  public UNetConfigBuilder crossAttentionDim(int width) {
    crossAttentionDim = width;
    return this;
  }

  /// Sets [UNetConfig#normNumGroups] and [UNetConfig#normEps].
  public UNetConfigBuilder norm(int groups, double eps) {
    normNumGroups = groups;
    normEps = eps;
    return this;
  }

  /// Sets [UNetConfig#useLinearProjection].
  public UNetConfigBuilder useLinearProjection(boolean linear) {
    useLinearProjection = linear;
    return this;
  }

  /// Sets [UNetConfig#upcastAttention].
  public UNetConfigBuilder upcastAttention(boolean upcast) {
    upcastAttention = upcast;
    return this;
  }

  /// Sets [UNetConfig#timeCondProjDim].
  public UNetConfigBuilder timeCondProjDim(OptionalInt width) {
    timeCondProjDim = width;
    return this;
  }

  /// Sets [UNetConfig#numClassEmbeds].
  public UNetConfigBuilder numClassEmbeds(OptionalInt classes) {
    numClassEmbeds = classes;
    return this;
  }

  /// Sets [UNetConfig#additionEmbed].
  public UNetConfigBuilder additionEmbed(AdditionEmbed embed) {
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
