package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.vae.VaeConfig;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `vae/config.json` of a diffusers folder.
final class VaeJson {
  static final String CLASS = "AutoencoderKL";
  private static final String DOWN = "DownEncoderBlock2D";
  private static final String UP = "UpDecoderBlock2D";

  private VaeJson() {}

  static VaeConfig read(ConfigReader json) {
    json.only("_class_name", CLASS);
    json.only("act_fn", "silu");
    json.unset("latents_mean");
    json.unset("latents_std");
    onlyBlocks(json, "down_block_types", DOWN);
    onlyBlocks(json, "up_block_types", UP);
    return json.build(() ->
        new VaeConfig(
            json.integer("in_channels", 3),
            json.integer("out_channels", 3),
            json.integers("block_out_channels", List.of(64)),
            json.integer("layers_per_block", 1),
            json.integer("latent_channels", 4),
            json.integer("norm_num_groups", 32),
            json.integers("sample_size", List.of(32)).getFirst(),
            json.real("scaling_factor", VaeConfig.SD_SCALING_FACTOR),
            json.real("shift_factor", 0),
            // diffusers says true, but heeds it for SDXL only, whose files name it
            json.flag("force_upcast", false),
            json.flag("use_quant_conv", true),
            json.flag("use_post_quant_conv", true),
            json.flag("mid_block_add_attention", true)));
  }

  private static void onlyBlocks(ConfigReader json, String name, String supported) {
    json.node()
        .path(name)
        .valueStream()
        .filter(type -> !type.asString().equals(supported))
        .findFirst()
        .ifPresent(type -> {
          throw new ModelFormatException(
              "%s: %s: only %s is supported, found %s"
                  .formatted(json.origin(), name, supported, Json.nameOf(type)));
        });
  }

  static ObjectNode write(VaeConfig config) {
    ObjectNode json = Json.object().put("_class_name", CLASS).put("act_fn", "silu");
    UNetJson.numbers(json.putArray("block_out_channels"), config.blockOutChannels());
    ArrayNode down = json.putArray("down_block_types");
    json.put("force_upcast", config.forceUpcast());
    json.put("in_channels", config.inChannels());
    json.put("latent_channels", config.latentChannels());
    json.put("layers_per_block", config.layersPerBlock());
    json.put("mid_block_add_attention", config.midBlockAddAttention());
    json.put("norm_num_groups", config.normNumGroups());
    json.put("out_channels", config.outChannels());
    json.put("sample_size", config.sampleSize());
    json.put("scaling_factor", config.scalingFactor());
    if (config.shiftFactor() != 0) {
      json.put("shift_factor", config.shiftFactor());
    }
    ArrayNode up = json.putArray("up_block_types");
    config
        .blockOutChannels()
        .forEach(_ -> {
          down.add(DOWN);
          up.add(UP);
        });
    json.put("use_post_quant_conv", config.usePostQuantConv());
    json.put("use_quant_conv", config.useQuantConv());
    return json;
  }
}
