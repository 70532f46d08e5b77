package dev.latente.model;

import dev.latente.vae.TinyVaeConfig;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `config.json` of a tiny autoencoder in diffusers' layout.
final class TinyVaeJson {
  static final String CLASS = "AutoencoderTiny";

  private TinyVaeJson() {}

  static TinyVaeConfig read(ConfigReader json) {
    json.only("_class_name", CLASS);
    json.only("act_fn", "relu");
    json.only("upsample_fn", "nearest");
    json.only("upsampling_scaling_factor", "2");
    List<Integer> widths = List.of(64, 64, 64, 64);
    return json.build(() ->
        new TinyVaeConfig(
            json.integer("in_channels", 3),
            json.integer("out_channels", 3),
            json.integers("encoder_block_out_channels", widths),
            json.integers("decoder_block_out_channels", widths),
            json.integer("latent_channels", 4),
            json.integers("num_encoder_blocks", List.of(1, 3, 3, 3)),
            json.integers("num_decoder_blocks", List.of(3, 3, 3, 1)),
            json.real("scaling_factor", 1),
            json.real("shift_factor", 0),
            true));
  }

  static ObjectNode write(TinyVaeConfig config) {
    ObjectNode json = Json.object().put("_class_name", CLASS).put("act_fn", "relu");
    UNetJson.numbers(json.putArray("block_out_channels"), config.decoderBlockOutChannels());
    UNetJson.numbers(json.putArray("decoder_block_out_channels"), config.decoderBlockOutChannels());
    UNetJson.numbers(json.putArray("encoder_block_out_channels"), config.encoderBlockOutChannels());
    json.put("force_upcast", false);
    json.put("in_channels", config.inChannels());
    json.put("latent_channels", config.latentChannels());
    UNetJson.numbers(json.putArray("num_decoder_blocks"), config.numDecoderBlocks());
    UNetJson.numbers(json.putArray("num_encoder_blocks"), config.numEncoderBlocks());
    json.put("out_channels", config.outChannels());
    json.put("scaling_factor", config.scalingFactor());
    json.put("shift_factor", config.shiftFactor());
    json.put("upsample_fn", "nearest");
    json.put("upsampling_scaling_factor", 2);
    return json;
  }
}
