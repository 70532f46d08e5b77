package dev.latente.model;

import dev.latente.model.Renaming.Rule;
import dev.latente.unet.UNetConfig;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The original names of control networks ([ControlNet](https://github.com/lllyasviel/ControlNet),
/// [T2I-Adapter](https://github.com/TencentARC/T2I-Adapter)) as those of diffusers.
final class ControlNames {
  /// What every file of an original ControlNet has, after its prefix.
  static final String FIRST_HINT = "input_hint_block.0.weight";

  /// Where whole models keep the ControlNet; most files hold it alone and leave this out, or not.
  static final String PREFIX = "control_model.";

  private static final int HINT_LAYERS = 6; // between the first and the last
  private static final int HINT_STEP = 2; // every second is a nonlinearity

  private ControlNames() {}

  /// The names of a ControlNet beside a U-Net of sizes `unet`, without `prefix`.
  static Renaming controlNet(UNetConfig unet, String prefix) {
    return HINTS.then(OriginalNames.unet(unet)).under(List.of(prefix));
  }

  private static final Renaming HINTS = Renaming.table(hints());

  private static Rule[] hints() {
    Rule[] rules = new Rule[HINT_LAYERS + 4];
    rules[0] = Rule.rename("zero_convs\\.(\\d+)\\.0\\.(.*)", "controlnet_down_blocks.$1.$2");
    rules[1] = Rule.rename("middle_block_out\\.0\\.(.*)", "controlnet_mid_block.$1");
    rules[2] = hint(0, "conv_in");
    for (int i = 0; i < HINT_LAYERS; i++) {
      rules[3 + i] = hint(HINT_STEP * (i + 1), "blocks." + i);
    }
    rules[3 + HINT_LAYERS] = hint(HINT_STEP * (HINT_LAYERS + 1), "conv_out");
    return rules;
  }

  private static Rule hint(int index, String name) {
    return Rule.rename(
        "input_hint_block\\.%d\\.(.*)".formatted(index),
        "controlnet_cond_embedding.%s.$1".formatted(name));
  }

  /// The names of a T2I-Adapter; the original code numbers all residual blocks through.
  static Renaming t2iAdapter(int blocks, boolean light) {
    if (light) {
      return Renaming.table(
          Rule.rename("body\\.(\\d+)\\.body\\.(.*)", "adapter.body.$1.resnets.$2"),
          Rule.rename("(body\\..*)", "adapter.$1"));
    }
    Renaming places =
        name -> {
          Matcher matcher = BLOCK.matcher(name);
          if (!matcher.matches()) {
            return List.of(new Renaming.Target(name, Form.SAME));
          }
          int index = Integer.parseInt(matcher.group(1));
          String part = matcher.group(2);
          String place =
              part.startsWith("in_conv")
                  ? "adapter.body.%d.%s".formatted(index / blocks, part)
                  : "adapter.body.%d.resnets.%d.%s".formatted(index / blocks, index % blocks, part);
          return List.of(new Renaming.Target(place, Form.SAME));
        };
    return places.then(Renaming.table(Rule.rename("(conv_in\\..*)", "adapter.$1")));
  }

  private static final Pattern BLOCK =
      Pattern.compile("body\\.(\\d+)\\.((?:in_conv|block[12])\\..*)");
}
