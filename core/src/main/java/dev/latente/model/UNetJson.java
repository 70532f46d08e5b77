package dev.latente.model;

import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.MidBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import dev.latente.unet.UNetConfigBuilder;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `unet/config.json` of a diffusers folder.
final class UNetJson {
  static final String CLASS = "UNet2DConditionModel";

  /// Fields of other networks than Stable Diffusion's, which must not be set.
  private static final List<String> UNSUPPORTED =
      List.of(
          "center_input_sample",
          "class_embeddings_concat",
          "cross_attention_norm",
          "dual_cross_attention",
          "encoder_hid_dim",
          "encoder_hid_dim_type",
          "mid_block_only_cross_attention",
          "resnet_skip_time_act",
          "reverse_transformer_layers_per_block",
          "time_embedding_act_fn",
          "time_embedding_dim",
          "timestep_post_act");

  private UNetJson() {}

  static UNetConfig read(ConfigReader json) {
    json.only("_class_name", CLASS);
    return json.build(() -> {
      return builder(json)
          .upBlockTypes(
              json.constants(
                  "up_block_types", UpBlockType.class, UNetConfig.builder().build().upBlockTypes()))
          .build();
    });
  }

  /// The fields of a U-Net's way down, which ControlNets have too.
  static UNetConfigBuilder builder(ConfigReader json) {
    checkSupported(json);
    UNetConfig fallback = UNetConfig.builder().build();
    return UNetConfig.builder()
        .sampleSize(json.integers("sample_size", List.of(fallback.sampleSize())).getFirst())
        .inChannels(json.integer("in_channels", fallback.inChannels()))
        .outChannels(json.integer("out_channels", fallback.outChannels()))
        .timestepEmbedding(
            json.flag("flip_sin_to_cos", fallback.flipSinToCos()),
            json.real("freq_shift", fallback.freqShift()))
        .downBlockTypes(
            json.constants("down_block_types", DownBlockType.class, fallback.downBlockTypes()))
        .midBlockType(midBlockType(json, fallback.midBlockType()))
        .onlyCrossAttention(json.flags("only_cross_attention", List.of(false)))
        .blockOutChannels(json.integers("block_out_channels", fallback.blockOutChannels()))
        .layersPerBlock(json.integers("layers_per_block", List.of(2)))
        .attentionHeads(
            json.integers("num_attention_heads", json.integers("attention_head_dim", List.of(8))))
        .transformerLayersPerBlock(json.integers("transformer_layers_per_block", List.of(1)))
        .crossAttentionDim(json.integer("cross_attention_dim", fallback.crossAttentionDim()))
        .norm(
            json.integer("norm_num_groups", fallback.normNumGroups()),
            json.real("norm_eps", fallback.normEps()))
        .useLinearProjection(json.flag("use_linear_projection", false))
        .upcastAttention(json.flag("upcast_attention", false))
        .timeCondProjDim(json.integer("time_cond_proj_dim"))
        .numClassEmbeds(json.integer("num_class_embeds"))
        .additionEmbed(additionEmbed(json));
  }

  private static void checkSupported(ConfigReader json) {
    UNSUPPORTED.forEach(json::unset);
    json.only("act_fn", "silu");
    json.only("addition_embed_type", "text_time");
    json.only("attention_type", "default");
    json.only("class_embed_type", "projection");
    json.only("conv_in_kernel", "3");
    json.only("conv_out_kernel", "3");
    json.only("downsample_padding", "1");
    json.only("mid_block_scale_factor", "1");
    json.only("resnet_out_scale_factor", "1");
    json.only("resnet_time_scale_shift", "default");
    json.only("time_embedding_type", "positional");
  }

  /// An absent field means the default, an explicit `null` that there is no middle block.
  private static MidBlockType midBlockType(ConfigReader json, MidBlockType fallback) {
    return json.node().path("mid_block_type").isNull()
        ? MidBlockType.None
        : json.constant("mid_block_type", MidBlockType.class, fallback);
  }

  private static AdditionEmbed additionEmbed(ConfigReader json) {
    if (json.has("class_embed_type")) {
      return new AdditionEmbed.Picture(json.integer("projection_class_embeddings_input_dim", 0));
    }
    return json.has("addition_embed_type")
        ? new AdditionEmbed.TextTime(
            json.integer("addition_time_embed_dim", 0),
            json.integer("projection_class_embeddings_input_dim", 0))
        : new AdditionEmbed.None();
  }

  static ObjectNode write(UNetConfig config) {
    ObjectNode json = Json.object().put("_class_name", CLASS).put("act_fn", "silu");
    numbers(json.putArray("attention_head_dim"), config.attentionHeads());
    numbers(json.putArray("block_out_channels"), config.blockOutChannels());
    json.put("cross_attention_dim", config.crossAttentionDim());
    names(json.putArray("down_block_types"), config.downBlockTypes());
    json.put("flip_sin_to_cos", config.flipSinToCos());
    json.put("freq_shift", config.freqShift());
    json.put("in_channels", config.inChannels());
    layers(json, config.layersPerBlock());
    if (config.midBlockType() == MidBlockType.None) {
      json.putNull("mid_block_type");
    } else {
      json.put("mid_block_type", config.midBlockType().name());
    }
    json.put("norm_eps", config.normEps());
    json.put("norm_num_groups", config.normNumGroups());
    config.numClassEmbeds().ifPresent(classes -> json.put("num_class_embeds", classes));
    ArrayNode only = json.putArray("only_cross_attention");
    config.onlyCrossAttention().forEach(only::add);
    json.put("out_channels", config.outChannels());
    json.put("sample_size", config.sampleSize());
    config.timeCondProjDim().ifPresent(width -> json.put("time_cond_proj_dim", width));
    numbers(json.putArray("transformer_layers_per_block"), config.transformerLayersPerBlock());
    names(json.putArray("up_block_types"), config.upBlockTypes());
    json.put("upcast_attention", config.upcastAttention());
    json.put("use_linear_projection", config.useLinearProjection());
    switch (config.additionEmbed()) {
      case AdditionEmbed.None _ -> {}
      case AdditionEmbed.Picture(int inputDim) ->
          json.put("class_embed_type", "projection")
              .put("projection_class_embeddings_input_dim", inputDim);
      case AdditionEmbed.TextTime(int timeEmbedDim, int inputDim) ->
          json.put("addition_embed_type", "text_time")
              .put("addition_time_embed_dim", timeEmbedDim)
              .put("projection_class_embeddings_input_dim", inputDim);
    }
    return json;
  }

  /// Parts of diffusers take no list here: those that read ControlNets and IP-Adapters.
  private static void layers(ObjectNode json, List<Integer> perBlock) {
    if (perBlock.stream().distinct().count() == 1) {
      json.put("layers_per_block", perBlock.getFirst());
    } else {
      numbers(json.putArray("layers_per_block"), perBlock);
    }
  }

  static void numbers(ArrayNode array, Collection<Integer> values) {
    values.forEach(array::add);
  }

  private static void names(ArrayNode array, Collection<? extends Enum<?>> values) {
    values.forEach(value -> array.add(value.name()));
  }
}
