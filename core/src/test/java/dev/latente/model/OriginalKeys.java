package dev.latente.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names and shapes of a single file's tensors, enumerated as the original code builds its
/// modules (`ldm/modules/diffusionmodules/openaimodel.py` and `model.py`, and `open_clip`).
final class OriginalKeys {
  final Map<String, long[]> shapes = new LinkedHashMap<>();

  /// Sizes of a U-Net in the original code's terms.
  ///
  /// @param depth transformer blocks of each level; 0 for none
  /// @param linear `use_linear_in_transformer`
  /// @param crossOnly `disable_self_attentions`
  /// @param adm `adm_in_channels`, or 0
  /// @param classes `num_classes`, or 0
  record UNetSizes(
      int in,
      int channels,
      List<Integer> multipliers,
      List<Integer> depth,
      int middleDepth,
      int context,
      boolean linear,
      List<Boolean> crossOnly,
      int adm,
      int classes) {}

  OriginalKeys unet(UNetSizes sizes) {
    String u = "model.diffusion_model.";
    int first = sizes.channels();
    int time = 4 * first;
    linear(u + "time_embed.0", first, time, true);
    linear(u + "time_embed.2", time, time, true);
    if (sizes.adm() > 0) {
      linear(u + "label_emb.0.0", sizes.adm(), time, true);
      linear(u + "label_emb.0.2", time, time, true);
    }
    if (sizes.classes() > 0) {
      add(u + "label_emb.weight", sizes.classes(), time);
    }
    conv(u + "input_blocks.0.0", sizes.in(), first, 3);
    Deque<Integer> skips = new ArrayDeque<>(List.of(first));
    int ch = first;
    int index = 1;
    int levels = sizes.multipliers().size();
    for (int level = 0; level < levels; level++) {
      for (int i = 0; i < 2; i++, index++) {
        int out = first * sizes.multipliers().get(level);
        residual(u + "input_blocks.%d.0".formatted(index), ch, out, time);
        ch = out;
        int depth = sizes.depth().get(level);
        transformer(u + "input_blocks.%d.1".formatted(index), ch, depth, sizes, level);
        skips.push(ch);
      }
      if (level < levels - 1) {
        conv(u + "input_blocks.%d.0.op".formatted(index++), ch, ch, 3);
        skips.push(ch);
      }
    }
    residual(u + "middle_block.0", ch, ch, time);
    transformer(u + "middle_block.1", ch, sizes.middleDepth(), sizes, levels - 1);
    residual(u + "middle_block.2", ch, ch, time);
    index = 0;
    for (int level = levels - 1; level >= 0; level--) {
      for (int i = 0; i < 3; i++, index++) {
        int out = first * sizes.multipliers().get(level);
        residual(u + "output_blocks.%d.0".formatted(index), ch + skips.pop(), out, time);
        ch = out;
        int depth = sizes.depth().get(level);
        transformer(u + "output_blocks.%d.1".formatted(index), ch, depth, sizes, level);
        if (level > 0 && i == 2) {
          conv(u + "output_blocks.%d.%d.conv".formatted(index, depth > 0 ? 2 : 1), ch, ch, 3);
        }
      }
    }
    norm(u + "out.0", ch);
    conv(u + "out.2", ch, 4, 3);
    return this;
  }

  private void residual(String name, int in, int out, int time) {
    norm(name + ".in_layers.0", in);
    conv(name + ".in_layers.2", in, out, 3);
    linear(name + ".emb_layers.1", time, out, true);
    norm(name + ".out_layers.0", out);
    conv(name + ".out_layers.3", out, out, 3);
    if (in != out) {
      conv(name + ".skip_connection", in, out, 1);
    }
  }

  private void transformer(String name, int ch, int depth, UNetSizes sizes, int level) {
    if (depth == 0) {
      return;
    }
    norm(name + ".norm", ch);
    projection(name + ".proj_in", ch, sizes.linear());
    for (int i = 0; i < depth; i++) {
      String block = name + ".transformer_blocks." + i;
      attention(block + ".attn1", ch, sizes.crossOnly().get(level) ? sizes.context() : ch);
      attention(block + ".attn2", ch, sizes.context());
      linear(block + ".ff.net.0.proj", ch, 8 * ch, true);
      linear(block + ".ff.net.2", 4 * ch, ch, true);
      norm(block + ".norm1", ch);
      norm(block + ".norm2", ch);
      norm(block + ".norm3", ch);
    }
    projection(name + ".proj_out", ch, sizes.linear());
  }

  private void attention(String name, int ch, int context) {
    linear(name + ".to_q", ch, ch, false);
    linear(name + ".to_k", context, ch, false);
    linear(name + ".to_v", context, ch, false);
    linear(name + ".to_out.0", ch, ch, true);
  }

  OriginalKeys vae(String prefix, int channels, List<Integer> multipliers) {
    int levels = multipliers.size();
    conv(prefix + "encoder.conv_in", 3, channels, 3);
    int ch = channels;
    for (int level = 0; level < levels; level++) {
      for (int i = 0; i < 2; i++) {
        int out = channels * multipliers.get(level);
        vaeResidual(prefix + "encoder.down.%d.block.%d".formatted(level, i), ch, out);
        ch = out;
      }
      if (level < levels - 1) {
        conv(prefix + "encoder.down.%d.downsample.conv".formatted(level), ch, ch, 3);
      }
    }
    vaeEnds(prefix + "encoder", ch, ch, 8);
    conv(prefix + "decoder.conv_in", 4, ch, 3);
    int middle = ch;
    for (int level = levels - 1; level >= 0; level--) {
      for (int i = 0; i < 3; i++) {
        int out = channels * multipliers.get(level);
        vaeResidual(prefix + "decoder.up.%d.block.%d".formatted(level, i), ch, out);
        ch = out;
      }
      if (level > 0) {
        conv(prefix + "decoder.up.%d.upsample.conv".formatted(level), ch, ch, 3);
      }
    }
    vaeEnds(prefix + "decoder", middle, ch, 3);
    conv(prefix + "quant_conv", 8, 8, 1);
    conv(prefix + "post_quant_conv", 4, 4, 1);
    return this;
  }

  private void vaeEnds(String name, int middle, int last, int out) {
    vaeResidual(name + ".mid.block_1", middle, middle);
    norm(name + ".mid.attn_1.norm", middle);
    for (String part : List.of("q", "k", "v", "proj_out")) {
      conv(name + ".mid.attn_1." + part, middle, middle, 1);
    }
    vaeResidual(name + ".mid.block_2", middle, middle);
    norm(name + ".norm_out", last);
    conv(name + ".conv_out", last, out, 3);
  }

  private void vaeResidual(String name, int in, int out) {
    norm(name + ".norm1", in);
    conv(name + ".conv1", in, out, 3);
    norm(name + ".norm2", out);
    conv(name + ".conv2", out, out, 3);
    if (in != out) {
      conv(name + ".nin_shortcut", in, out, 1);
    }
  }

  OriginalKeys openClip(String prefix, int width, int layers) {
    add(prefix + "positional_embedding", 77, width);
    add(prefix + "token_embedding.weight", 49408, width);
    add(prefix + "text_projection", width, width);
    add(prefix + "logit_scale");
    norm(prefix + "ln_final", width);
    for (int i = 0; i < layers; i++) {
      String layer = prefix + "transformer.resblocks." + i;
      add(layer + ".attn.in_proj_weight", 3L * width, width);
      add(layer + ".attn.in_proj_bias", 3L * width);
      linear(layer + ".attn.out_proj", width, width, true);
      norm(layer + ".ln_1", width);
      norm(layer + ".ln_2", width);
      linear(layer + ".mlp.c_fc", width, 4 * width, true);
      linear(layer + ".mlp.c_proj", 4 * width, width, true);
    }
    return this;
  }

  OriginalKeys clip(String prefix, int width, int layers) {
    add(prefix + "text_model.embeddings.position_ids", 1, 77);
    add(prefix + "text_model.embeddings.token_embedding.weight", 49408, width);
    add(prefix + "text_model.embeddings.position_embedding.weight", 77, width);
    for (int i = 0; i < layers; i++) {
      String layer = prefix + "text_model.encoder.layers." + i;
      for (String part : List.of("k_proj", "v_proj", "q_proj", "out_proj")) {
        linear(layer + ".self_attn." + part, width, width, true);
      }
      norm(layer + ".layer_norm1", width);
      linear(layer + ".mlp.fc1", width, 4 * width, true);
      linear(layer + ".mlp.fc2", 4 * width, width, true);
      norm(layer + ".layer_norm2", width);
    }
    norm(prefix + "text_model.final_layer_norm", width);
    return this;
  }

  OriginalKeys add(String name, long... shape) {
    if (shapes.put(name, shape) != null) {
      throw new IllegalStateException(name);
    }
    return this;
  }

  private void norm(String name, int channels) {
    add(name + ".weight", channels);
    add(name + ".bias", channels);
  }

  private void projection(String name, int channels, boolean linear) {
    if (linear) {
      linear(name, channels, channels, true);
    } else {
      conv(name, channels, channels, 1);
    }
  }

  private void linear(String name, int in, int out, boolean bias) {
    add(name + ".weight", out, in);
    if (bias) {
      add(name + ".bias", out);
    }
  }

  private void conv(String name, int in, int out, int kernel) {
    add(name + ".weight", out, in, kernel, kernel);
    add(name + ".bias", out);
  }
}
