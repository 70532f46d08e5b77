package dev.latente.model;

import dev.latente.unet.UNetConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of a U-Net's layers in the original code, given those of diffusers: the way back of
/// [OriginalNames].
final class OriginalLayers {
  private record Rule(Pattern pattern, String replacement) {
    static Rule of(String regex, String replacement) {
      return new Rule(Pattern.compile(regex), replacement);
    }
  }

  private static final List<Rule> PARTS =
      List.of(
          Rule.of("(.*resnets\\.\\d+)\\.norm1", "$1.in_layers.0"),
          Rule.of("(.*resnets\\.\\d+)\\.conv1", "$1.in_layers.2"),
          Rule.of("(.*resnets\\.\\d+)\\.time_emb_proj", "$1.emb_layers.1"),
          Rule.of("(.*resnets\\.\\d+)\\.norm2", "$1.out_layers.0"),
          Rule.of("(.*resnets\\.\\d+)\\.conv2", "$1.out_layers.3"),
          Rule.of("(.*resnets\\.\\d+)\\.conv_shortcut", "$1.skip_connection"),
          Rule.of("(.*downsamplers\\.0)\\.conv", "$1.op"),
          Rule.of("time_embedding\\.linear_1", "time_embed.0"),
          Rule.of("time_embedding\\.linear_2", "time_embed.2"),
          Rule.of("add_embedding\\.linear_1", "label_emb.0.0"),
          Rule.of("add_embedding\\.linear_2", "label_emb.0.2"),
          Rule.of("conv_in", "input_blocks.0.0"),
          Rule.of("conv_norm_out", "out.0"),
          Rule.of("conv_out", "out.2"));

  private static final Pattern BLOCK =
      Pattern.compile("((?:down_blocks\\.\\d+|mid_block|up_blocks\\.\\d+)\\.\\w+\\.\\d+)(\\..*)");

  private final Map<String, String> blocks = new HashMap<>();

  private OriginalLayers() {}

  static OriginalLayers of(UNetConfig config) {
    OriginalLayers layers = new OriginalLayers();
    OriginalNames.unetBlocks(config).forEach((original, ours) -> layers.blocks.put(ours, original));
    return layers;
  }

  /// The original name of the layer that diffusers calls `layer`.
  String name(String layer) {
    String part = layer;
    for (Rule rule : PARTS) {
      Matcher matcher = rule.pattern().matcher(layer);
      if (matcher.matches()) {
        part = matcher.replaceFirst(rule.replacement());
        break;
      }
    }
    Matcher block = BLOCK.matcher(part);
    return block.matches()
        ? blocks.getOrDefault(block.group(1), block.group(1)) + block.group(2)
        : part;
  }
}
