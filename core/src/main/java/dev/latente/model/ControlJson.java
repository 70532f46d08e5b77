package dev.latente.model;

import dev.latente.control.ControlNetConfig;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `config.json` of a ControlNet's or T2I-Adapter's folder.
final class ControlJson {
  static final String CONTROL_NET = "ControlNetModel";
  static final String T2I_ADAPTER = "T2IAdapter";

  private ControlJson() {}

  static ControlNetConfig controlNet(ConfigReader json) {
    json.only("_class_name", CONTROL_NET);
    return json.build(() -> {
      ControlNetConfig usual = ControlNetConfig.of(UNetConfig.builder().build());
      List<DownBlockType> down =
          json.constants("down_block_types", DownBlockType.class, usual.unet().downBlockTypes());
      UNetConfig unet = UNetJson.builder(json).upBlockTypes(mirrored(down)).build();
      json.oneOf("controlnet_conditioning_channel_order", "rgb", "bgr");
      return new ControlNetConfig(
          unet,
          json.integer("conditioning_channels", usual.mapChannels()),
          json.integers("conditioning_embedding_out_channels", usual.embeddingChannels()),
          json.text("controlnet_conditioning_channel_order", "rgb").equals("bgr"),
          json.flag("global_pool_conditions", usual.pooled()));
    });
  }

  /// The fields of `config`, as diffusers writes them.
  static ObjectNode write(ControlNetConfig config) {
    ObjectNode json = UNetJson.write(config.unet());
    json.remove(List.of("out_channels", "sample_size", "up_block_types"));
    json.put("_class_name", CONTROL_NET);
    json.put("conditioning_channels", config.mapChannels());
    UNetJson.numbers(
        json.putArray("conditioning_embedding_out_channels"), config.embeddingChannels());
    json.put("controlnet_conditioning_channel_order", config.blueFirst() ? "bgr" : "rgb");
    return json.put("global_pool_conditions", config.pooled());
  }

  /// A ControlNet has no way up; this one is never built.
  private static List<UpBlockType> mirrored(List<DownBlockType> down) {
    return down.reversed().stream()
        .map(type ->
            switch (type) {
              case DownBlock2D -> UpBlockType.UpBlock2D;
              case CrossAttnDownBlock2D -> UpBlockType.CrossAttnUpBlock2D;
            })
        .toList();
  }

  static T2iAdapterConfig t2iAdapter(ConfigReader json) {
    json.only("_class_name", T2I_ADAPTER);
    return json.build(() ->
        new T2iAdapterConfig(
            json.integer("in_channels", 3),
            json.integers("channels", List.of(320, 640, 1280, 1280)),
            json.integer("num_res_blocks", 2),
            json.integer("downscale_factor", 8),
            json.constant(
                "adapter_type", T2iAdapterConfig.Type.class, T2iAdapterConfig.Type.FULL_ADAPTER)));
  }
}
