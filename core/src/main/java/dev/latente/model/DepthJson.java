package dev.latente.model;

import dev.latente.depth.BackboneConfig;
import dev.latente.depth.BitConfig;
import dev.latente.depth.DepthConfig;
import dev.latente.depth.DepthConfig.Fusion;
import dev.latente.depth.DepthConfig.Readout;
import dev.latente.depth.DepthConfig.Unit;
import dev.latente.depth.VitConfig;
import dev.latente.nn.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `config.json` of a depth estimator as transformers writes it.
final class DepthJson {
  private static final List<Double> FACTORS = List.of(4.0, 2.0, 1.0, 0.5);
  private static final int DPT_HEAD = 32;
  private static final String STAGE = "stage";

  private DepthJson() {}

  static DepthConfig read(ConfigReader json) {
    return json.build(() ->
        switch (json.text("model_type", "nothing")) {
          case "dpt" -> dpt(json);
          case "depth_anything" -> depthAnything(json);
          default -> throw unsupported(json, "dpt or depth_anything");
        });
  }

  /// The fields of a Depth Anything of sizes `config`, as transformers writes them.
  ///
  /// @throws IllegalArgumentException if it is a network of another kind
  static ObjectNode write(DepthConfig config) {
    if (!(config.backbone() instanceof BackboneConfig.Plain plain)
        || config.fusion() != Fusion.LIKE_NEXT
        || config.readout() != Readout.IGNORE
        || !plain.vit().scaled()
        || plain.vit().gated()
        || !(config.unit() instanceof Unit.Nearness)) {
      throw new IllegalArgumentException(
          "only a relative Depth Anything can be written: " + config);
    }
    VitConfig vit = plain.vit();
    ObjectNode json = Json.object().put("model_type", "depth_anything");
    json.putArray("architectures").add("DepthAnythingForDepthEstimation");
    ObjectNode backbone = json.putObject("backbone_config").put("model_type", "dinov2");
    backbone.put("apply_layernorm", plain.normalised()).put("hidden_size", vit.hiddenSize());
    backbone.put("image_size", vit.imageSize()).put("layer_norm_eps", vit.layerNormEps());
    backbone.put("mlp_ratio", vit.intermediateSize() / vit.hiddenSize());
    backbone.put("num_attention_heads", vit.heads()).put("num_hidden_layers", vit.layers());
    ArrayNode stages = backbone.putArray("out_features");
    plain.layers().forEach(layer -> stages.add(STAGE + (layer + 1)));
    backbone.put("patch_size", vit.patchSize()).put("reshape_hidden_states", false);
    json.put("depth_estimation_type", "relative").put("fusion_hidden_size", config.fusionSize());
    json.put("head_hidden_size", config.headSize()).put("head_in_index", -1);
    UNetJson.numbers(json.putArray("neck_hidden_sizes"), config.neckSizes());
    json.put("patch_size", vit.patchSize());
    ArrayNode factors = json.putArray("reassemble_factors");
    config.factors().forEach(factors::add);
    return json.put("reassemble_hidden_size", vit.hiddenSize());
  }

  private static ModelFormatException unsupported(ConfigReader json, String expected) {
    return new ModelFormatException(
        "%s: model_type: expected %s, found %s"
            .formatted(json.origin(), expected, json.text("model_type", "nothing")));
  }

  private static DepthConfig dpt(ConfigReader json) {
    json.unset("use_batch_norm_in_fusion_residual");
    json.unset("add_projection");
    json.only("use_bias_in_fusion_residual", "true");
    json.only("head_in_index", "-1");
    return new DepthConfig(
        dptBackbone(json),
        json.integers("neck_hidden_sizes", List.of(96, 192, 384, 768)),
        json.reals("reassemble_factors", FACTORS),
        json.integer("fusion_hidden_size", 256),
        DPT_HEAD,
        json.constant("readout_type", Readout.class, Readout.PROJECT),
        Fusion.TWICE,
        new Unit.Nearness());
  }

  private static BackboneConfig dptBackbone(ConfigReader json) {
    if (json.flag("is_hybrid", false)) {
      json.only("readout_type", "project");
      List<Integer> layers = json.integers("backbone_out_indices", List.of(2, 5, 8, 11));
      ConfigReader bit = json.object("backbone_config");
      return new BackboneConfig.Hybrid(
          vit(json), bit(bit), layers.subList(Math.min(2, layers.size()), layers.size()));
    }
    if (json.has("backbone_config")) {
      return dino(json.object("backbone_config"));
    }
    List<Integer> layers = json.integers("backbone_out_indices", List.of(2, 5, 8, 11));
    return new BackboneConfig.Plain(vit(json), layers, false);
  }

  private static VitConfig vit(ConfigReader json) {
    json.only("hidden_act", "gelu");
    json.only("qkv_bias", "true");
    json.only("num_channels", "3");
    return new VitConfig(
        json.integer("hidden_size", 768),
        json.integer("num_hidden_layers", 12),
        json.integer("num_attention_heads", 12),
        json.integer("intermediate_size", 3072),
        json.real("layer_norm_eps", 1e-12),
        json.integer("image_size", 384),
        json.integer("patch_size", 16),
        false,
        false,
        VitConfig.Positions.BILINEAR);
  }

  private static BitConfig bit(ConfigReader json) {
    json.only("model_type", "bit");
    json.only("layer_type", "bottleneck");
    json.only("hidden_act", "relu");
    json.only("global_padding", "SAME");
    json.only("embedding_dynamic_padding", "true");
    json.only("num_channels", "3");
    json.only("width_factor", "1");
    return new BitConfig(
        json.integer("embedding_size", 64),
        json.integers("hidden_sizes", List.of(256, 512, 1024, 2048)),
        json.integers("depths", List.of(3, 4, 9)),
        json.integer("num_groups", 32));
  }

  private static DepthConfig depthAnything(ConfigReader json) {
    json.only("head_in_index", "-1");
    boolean metric = json.text("depth_estimation_type", "relative").equals("metric");
    return new DepthConfig(
        dino(json.object("backbone_config")),
        json.integers("neck_hidden_sizes", List.of(48, 96, 192, 384)),
        json.reals("reassemble_factors", FACTORS),
        json.integer("fusion_hidden_size", 64),
        json.integer("head_hidden_size", 32),
        Readout.IGNORE,
        Fusion.LIKE_NEXT,
        metric ? new Unit.Metres(json.real("max_depth", 1)) : new Unit.Nearness());
  }

  private static BackboneConfig dino(ConfigReader json) {
    if (!json.text("model_type", "dinov2").equals("dinov2")) {
      throw unsupported(json, "dinov2");
    }
    json.only("hidden_act", "gelu");
    json.only("qkv_bias", "true");
    json.only("num_channels", "3");
    int width = json.integer("hidden_size", 768);
    VitConfig vit =
        new VitConfig(
            width,
            json.integer("num_hidden_layers", 12),
            json.integer("num_attention_heads", 12),
            width * json.integer("mlp_ratio", 4),
            json.real("layer_norm_eps", 1e-6),
            json.integer("image_size", 224),
            json.integer("patch_size", 14),
            true,
            json.flag("use_swiglu_ffn", false),
            VitConfig.Positions.BICUBIC);
    return new BackboneConfig.Plain(vit, stages(json, vit), json.flag("apply_layernorm", true));
  }

  /// Stage 0 is what the layers begin with, stage n what layer n - 1 gives.
  private static List<Integer> stages(ConfigReader json, VitConfig vit) {
    List<Integer> layers = new ArrayList<>();
    if (json.has("out_features")) {
      for (String stage : json.texts("out_features")) {
        boolean numbered = stage.matches(STAGE + "[1-9]\\d{0,3}");
        layers.add(numbered ? Integer.parseInt(stage.substring(STAGE.length())) - 1 : -1);
      }
      return layers;
    }
    json.integers("out_indices", List.of(vit.layers())).forEach(stage -> layers.add(stage - 1));
    return layers;
  }
}
