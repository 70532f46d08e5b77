package dev.latente.model;

import dev.latente.model.Renaming.Rule;
import dev.latente.model.Renaming.Target;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import dev.latente.vae.VaeConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of the original code ([CompVis](https://github.com/CompVis/stable-diffusion) and
/// [SGM](https://github.com/Stability-AI/generative-models)), which single files have, as the names
/// of diffusers.
final class OriginalNames {
  /// Parts of residual blocks and samplers.
  private static final Renaming UNET_PARTS =
      Renaming.table(
          Rule.rename("(.*\\.)in_layers\\.0\\.(.*)", "$1norm1.$2"),
          Rule.rename("(.*\\.)in_layers\\.2\\.(.*)", "$1conv1.$2"),
          Rule.rename("(.*\\.)emb_layers\\.1\\.(.*)", "$1time_emb_proj.$2"),
          Rule.rename("(.*\\.)out_layers\\.0\\.(.*)", "$1norm2.$2"),
          Rule.rename("(.*\\.)out_layers\\.3\\.(.*)", "$1conv2.$2"),
          Rule.rename("(.*\\.)skip_connection\\.(.*)", "$1conv_shortcut.$2"),
          Rule.rename("(.*\\.)op\\.(.*)", "$1conv.$2"),
          Rule.rename("time_embed\\.0\\.(.*)", "time_embedding.linear_1.$1"),
          Rule.rename("time_embed\\.2\\.(.*)", "time_embedding.linear_2.$1"),
          Rule.rename("time_embed\\.cond_proj\\.(.*)", "time_embedding.cond_proj.$1"),
          Rule.rename("label_emb\\.0\\.0\\.(.*)", "add_embedding.linear_1.$1"),
          Rule.rename("label_emb\\.0\\.2\\.(.*)", "add_embedding.linear_2.$1"),
          Rule.rename("label_emb\\.weight", "class_embedding.weight"),
          Rule.rename("input_blocks\\.0\\.0\\.(.*)", "conv_in.$1"),
          Rule.rename("out\\.0\\.(.*)", "conv_norm_out.$1"),
          Rule.rename("out\\.2\\.(.*)", "conv_out.$1"));

  /// SD 2 and XL store the matrices in and out of a transformer as matrices or 1×1 convolutions.
  private static final Renaming LINEAR_PROJECTIONS =
      Renaming.table(
          Rule.to(
              "(.*\\.attentions\\.\\d+\\.proj_(?:in|out)\\.weight)",
              new Target("$1", Form.MATRIX)));

  private static final Pattern UNET_BLOCK =
      Pattern.compile("((?:input_blocks|output_blocks)\\.\\d+\\.\\d+|middle_block\\.\\d+)(\\..*)");

  private static final Renaming VAE_PARTS =
      Renaming.table(
              Rule.ignore("loss\\..*"),
              Rule.ignore("model_ema\\..*"),
              Rule.rename("(.*)\\.nin_shortcut\\.(.*)", "$1.conv_shortcut.$2"),
              Rule.rename("(..coder)\\.norm_out\\.(.*)", "$1.conv_norm_out.$2"),
              Rule.rename("(..coder\\.mid)\\.attn_1\\.norm\\.(.*)", "$1.attn_1.group_norm.$2"),
              matrix("(..coder\\.mid\\.attn_1)\\.([qkv])\\.(.*)", "$1.to_$2.$3"),
              matrix("(..coder\\.mid\\.attn_1)\\.proj_out\\.(.*)", "$1.to_out.0.$2"))
          .then(
              Renaming.table(
                  Rule.rename("(..coder)\\.mid\\.block_1\\.(.*)", "$1.mid_block.resnets.0.$2"),
                  Rule.rename("(..coder)\\.mid\\.block_2\\.(.*)", "$1.mid_block.resnets.1.$2"),
                  Rule.rename("(..coder)\\.mid\\.attn_1\\.(.*)", "$1.mid_block.attentions.0.$2"),
                  Rule.rename(
                      "encoder\\.down\\.(\\d+)\\.block\\.(.*)",
                      "encoder.down_blocks.$1.resnets.$2"),
                  Rule.rename(
                      "encoder\\.down\\.(\\d+)\\.downsample\\.(.*)",
                      "encoder.down_blocks.$1.downsamplers.0.$2")));

  private static final Pattern VAE_UP =
      Pattern.compile("decoder\\.up\\.(\\d+)\\.(block|upsample)\\.(.*)");

  /// Both OpenCLIP's own names and transformers', which some tools write instead.
  private static final Renaming TEXT =
      Renaming.table(
              Rule.ignore("(.*\\.)?position_ids"),
              Rule.ignore(
                  "logit_scale|attn_mask|visual\\..*|vision_model\\..*|visual_projection\\..*"),
              Rule.rename("token_embedding\\.(.*)", "text_model.embeddings.token_embedding.$1"),
              Rule.rename(
                  "positional_embedding", "text_model.embeddings.position_embedding.weight"),
              Rule.rename("ln_final\\.(.*)", "text_model.final_layer_norm.$1"),
              Rule.to(
                  "(?:text_model\\.)?text_projection",
                  new Target("text_projection.weight", Form.TRANSPOSED)),
              Rule.rename("transformer\\.resblocks\\.(.*)", "text_model.encoder.layers.$1"),
              Rule.rename("((?:embeddings|encoder|final_layer_norm)\\..*)", "text_model.$1"))
          .then(
              Renaming.table(
                  Rule.rename("(.*)\\.ln_([12])\\.(.*)", "$1.layer_norm$2.$3"),
                  Rule.rename("(.*)\\.mlp\\.c_fc\\.(.*)", "$1.mlp.fc1.$2"),
                  Rule.rename("(.*)\\.mlp\\.c_proj\\.(.*)", "$1.mlp.fc2.$2"),
                  Rule.rename("(.*)\\.attn\\.out_proj\\.(.*)", "$1.self_attn.out_proj.$2"),
                  Rule.to(
                      "(.*)\\.(?:self_)?attn\\.in_proj[._](weight|bias)",
                      new Target("$1.self_attn.q_proj.$2", Form.FIRST_THIRD),
                      new Target("$1.self_attn.k_proj.$2", Form.SECOND_THIRD),
                      new Target("$1.self_attn.v_proj.$2", Form.LAST_THIRD))));

  private static final Pattern TEXT_LAYER =
      Pattern.compile("text_model\\.encoder\\.layers\\.(\\d+)\\..*");

  private OriginalNames() {}

  /// The names of a U-Net, without `model.diffusion_model.`.
  static Renaming unet(UNetConfig config) {
    Map<String, String> blocks = unetBlocks(config);
    Renaming places =
        name -> {
          Matcher matcher = UNET_BLOCK.matcher(name);
          String block = matcher.matches() ? blocks.get(matcher.group(1)) : null;
          return List.of(new Target(block == null ? name : block + matcher.group(2), Form.SAME));
        };
    Renaming names = UNET_PARTS.then(places);
    return config.useLinearProjection() ? names.then(LINEAR_PROJECTIONS) : names;
  }

  /// The original code numbers all blocks of one way through; diffusers numbers them by level.
  static Map<String, String> unetBlocks(UNetConfig config) {
    Map<String, String> blocks = new HashMap<>();
    int levels = config.levels();
    int input = 1; // input block 0 is the first convolution
    for (int level = 0; level < levels; level++) {
      boolean attends = config.downBlockTypes().get(level) == DownBlockType.CrossAttnDownBlock2D;
      for (int i = 0; i < config.layersPerBlock().get(level); i++, input++) {
        blocks.put(
            "input_blocks.%d.0".formatted(input), "down_blocks.%d.resnets.%d".formatted(level, i));
        if (attends) {
          blocks.put(
              "input_blocks.%d.1".formatted(input),
              "down_blocks.%d.attentions.%d".formatted(level, i));
        }
      }
      if (level < levels - 1) {
        blocks.put(
            "input_blocks.%d.0".formatted(input), "down_blocks.%d.downsamplers.0".formatted(level));
        input++;
      }
    }
    blocks.put("middle_block.0", "mid_block.resnets.0");
    blocks.put("middle_block.1", "mid_block.attentions.0");
    blocks.put("middle_block.2", "mid_block.resnets.1");
    int output = 0;
    for (int step = 0; step < levels; step++) {
      boolean attends = config.upBlockTypes().get(step) == UpBlockType.CrossAttnUpBlock2D;
      int layers = config.layersPerBlock().get(levels - 1 - step) + 1;
      for (int i = 0; i < layers; i++, output++) {
        blocks.put(
            "output_blocks.%d.0".formatted(output), "up_blocks.%d.resnets.%d".formatted(step, i));
        if (attends) {
          blocks.put(
              "output_blocks.%d.1".formatted(output),
              "up_blocks.%d.attentions.%d".formatted(step, i));
        }
        if (i == layers - 1 && step < levels - 1) {
          blocks.put(
              "output_blocks.%d.%d".formatted(output, attends ? 2 : 1),
              "up_blocks.%d.upsamplers.0".formatted(step));
        }
      }
    }
    return blocks;
  }

  /// The names of an autoencoder, without `first_stage_model.`.
  static Renaming vae(VaeConfig config) {
    return vae(config.blockOutChannels().size());
  }

  /// The names of an autoencoder of so many levels, without `first_stage_model.`.
  static Renaming vae(int levels) {
    int last = levels - 1;
    return VAE_PARTS.then(name -> {
      Matcher matcher = VAE_UP.matcher(name);
      if (!matcher.matches()) {
        return List.of(new Target(name, Form.SAME));
      }
      // the original code counts the decoder's levels from the widest picture
      int step = last - Integer.parseInt(matcher.group(1));
      String part = matcher.group(2).equals("block") ? "resnets" : "upsamplers.0";
      return List.of(
          new Target(
              "decoder.up_blocks.%d.%s.%s".formatted(step, part, matcher.group(3)), Form.SAME));
    });
  }

  /// The names of a text encoder, without `cond_stage_model.transformer.` or the like.
  ///
  /// Layers that the config does not count are left out: SD 2 uses the last but one.
  static Renaming text(ClipTextConfig config) {
    return TEXT.then(name -> {
      Matcher layer = TEXT_LAYER.matcher(name);
      boolean unused =
          (layer.matches() && Integer.parseInt(layer.group(1)) >= config.numHiddenLayers())
              || (name.startsWith("text_projection.") && !config.withProjection());
      return unused ? List.of() : List.of(new Target(name, Form.SAME));
    });
  }

  private static Rule matrix(String pattern, String replacement) {
    return Rule.to(pattern, new Target(replacement, Form.MATRIX));
  }
}
