package dev.latente.model;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.OriginalTensor.Making;
import dev.latente.nn.ClipActivation;
import dev.latente.nn.ModelFormatException;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.vae.VaeConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which tensors a model has when it is written as a single file in the original naming.
///
/// The other direction of [OriginalNames], which is asked about every name that is made here: a
/// file that is written is a file that is read.
final class OriginalLayout {
  /// Parts of residual blocks, by diffusers' names.
  private static final Map<String, String> RESIDUAL =
      Map.of(
          "norm1", "in_layers.0",
          "conv1", "in_layers.2",
          "time_emb_proj", "emb_layers.1",
          "norm2", "out_layers.0",
          "conv2", "out_layers.3",
          "conv_shortcut", "skip_connection");

  /// Parts of a U-Net that are in no block.
  private static final Map<String, String> ENDS =
      Map.of(
          "time_embedding.linear_1", "time_embed.0",
          "time_embedding.linear_2", "time_embed.2",
          "time_embedding.cond_proj", "time_embed.cond_proj",
          "add_embedding.linear_1", "label_emb.0.0",
          "add_embedding.linear_2", "label_emb.0.2",
          "class_embedding", "label_emb",
          "conv_in", "input_blocks.0.0",
          "conv_norm_out", "out.0",
          "conv_out", "out.2");

  private static final Pattern BLOCK =
      Pattern.compile(
          "((?:(?:down|up)_blocks\\.\\d+|mid_block)\\.(resnets|attentions|downsamplers|upsamplers)\\.\\d+)\\.(.*)");
  private static final Pattern VAE_BLOCK =
      Pattern.compile(
          "(encoder\\.down|decoder\\.up)_blocks\\.(\\d+)\\.(?:resnets\\.(\\d+)|(down|up)samplers\\.0)\\.(.*)");
  private static final Pattern VAE_MIDDLE =
      Pattern.compile("(..coder)\\.mid_block\\.(?:resnets\\.(\\d)|attentions\\.0)\\.(.*)");
  private static final Map<String, String> VAE_ATTENTION =
      Map.of("group_norm", "norm", "to_q", "q", "to_k", "k", "to_v", "v", "to_out.0", "proj_out");
  private static final Map<String, String> TEXT_LAYER =
      Map.of(
          "layer_norm1", "ln_1",
          "layer_norm2", "ln_2",
          "mlp.fc1", "mlp.c_fc",
          "mlp.fc2", "mlp.c_proj",
          "self_attn.out_proj", "attn.out_proj");

  private OriginalLayout() {}

  /// All tensors of `model`, by name.
  ///
  /// @throws ModelFormatException if it has a part that the original code does not know
  static List<OriginalTensor> of(Checkpoint model) {
    List<OriginalTensor> all = new ArrayList<>();
    unet(model.unet(), all);
    vae(ModelSizes.vae(model), all);
    boolean xl = model.unet().config().additionEmbed() instanceof AdditionEmbed.TextTime;
    int count = model.textEncoders().size();
    for (int i = 0; i < count; i++) {
      var text = model.textEncoders().get(i);
      boolean open =
          xl
              ? i == count - 1
              : text.config().hiddenAct() == ClipActivation.GELU; // OpenCLIP's is exact
      String place = xl ? "conditioner.embedders.%d.".formatted(i) : "cond_stage_model.";
      if (open) {
        openClip(place + "model.", text.config(), text.weights(), all);
      } else {
        text.weights().names().stream()
            .map(name -> OriginalTensor.same(place + "transformer." + name, text.weights(), name))
            .forEach(all::add);
      }
    }
    all.sort(Comparator.comparing(OriginalTensor::name));
    return all;
  }

  private static void unet(Part<UNetConfig> unet, List<OriginalTensor> all) {
    Map<String, String> blocks = new LinkedHashMap<>();
    OriginalNames.unetBlocks(unet.config()).forEach((original, own) -> blocks.put(own, original));
    List<OriginalTensor> made = new ArrayList<>();
    for (String name : unet.weights().names()) {
      made.add(OriginalTensor.same(unetName(name, blocks), unet.weights(), name));
    }
    add("model.diffusion_model.", made, OriginalNames.unet(unet.config()), all);
  }

  private static String unetName(String name, Map<String, String> blocks) {
    Matcher matcher = BLOCK.matcher(name);
    if (matcher.matches() && blocks.containsKey(matcher.group(1))) {
      String rest = matcher.group(3);
      return blocks.get(matcher.group(1))
          + "."
          + switch (matcher.group(2)) {
            case "resnets" -> replaced(rest, RESIDUAL);
            case "downsamplers" -> rest.replaceFirst("^conv\\.", "op.");
            default -> rest;
          };
    }
    return replaced(name, ENDS);
  }

  private static void vae(Part<VaeConfig> vae, List<OriginalTensor> all) {
    int last = vae.config().blockOutChannels().size() - 1;
    List<OriginalTensor> made = new ArrayList<>();
    for (String name : vae.weights().names()) {
      String original = vaeName(name, last);
      boolean image = original.contains(".attn_1.") && vae.weights().shape(name).length == 2;
      made.add(
          new OriginalTensor(
              original, image ? Making.IMAGE : Making.SAME, vae.weights(), List.of(name)));
    }
    add("first_stage_model.", made, OriginalNames.vae(vae.config()), all);
  }

  private static String vaeName(String name, int last) {
    Matcher block = VAE_BLOCK.matcher(name);
    if (block.matches()) {
      int level = Integer.parseInt(block.group(2));
      // the original code counts the decoder's levels from the widest picture
      int original = block.group(1).startsWith("decoder") ? last - level : level;
      String part = block.group(3) != null ? "block." + block.group(3) : block.group(4) + "sample";
      return "%s.%d.%s.%s".formatted(block.group(1), original, part, shortcut(block.group(5)));
    }
    Matcher middle = VAE_MIDDLE.matcher(name);
    if (middle.matches()) {
      return middle.group(2) != null
          ? "%s.mid.block_%d.%s"
              .formatted(
                  middle.group(1), Integer.parseInt(middle.group(2)) + 1, shortcut(middle.group(3)))
          : "%s.mid.attn_1.%s".formatted(middle.group(1), replaced(middle.group(3), VAE_ATTENTION));
    }
    return name.replace(".conv_norm_out.", ".norm_out.");
  }

  private static String shortcut(String name) {
    return name.replaceFirst("^conv_shortcut\\.", "nin_shortcut.");
  }

  private static void openClip(
      String prefix, ClipTextConfig config, CheckpointSource weights, List<OriginalTensor> all) {
    List<OriginalTensor> made = new ArrayList<>();
    for (String name : weights.names()) {
      String bare = name.replaceFirst("^text_model\\.", "");
      String layer = bare.replaceFirst("^encoder\\.layers\\.", "transformer.resblocks.");
      if (bare.equals("embeddings.position_embedding.weight")) {
        made.add(OriginalTensor.same("positional_embedding", weights, name));
      } else if (bare.equals("text_projection.weight")) {
        made.add(new OriginalTensor("text_projection", Making.TRANSPOSED, weights, List.of(name)));
      } else if (bare.contains(".self_attn.q_proj.")) {
        List<String> parts =
            List.of(name, name.replace("q_proj", "k_proj"), name.replace("q_proj", "v_proj"));
        String joined = layer.replace("self_attn.q_proj.", "attn.in_proj_");
        made.add(new OriginalTensor(joined, Making.STACKED, weights, parts));
      } else if (!bare.matches(".*\\.self_attn\\.[kv]_proj\\..*")) {
        String[] place = layer.split("(?<=resblocks\\.\\d{1,3}\\.)", 2);
        String original =
            place.length == 2
                ? place[0] + replaced(place[1], TEXT_LAYER)
                : layer
                    .replaceFirst("^embeddings\\.token_embedding", "token_embedding")
                    .replaceFirst("^final_layer_norm", "ln_final");
        made.add(OriginalTensor.same(original, weights, name));
      }
    }
    add(prefix, made, OriginalNames.text(config), all);
  }

  private static String replaced(String name, Map<String, String> table) {
    for (Map.Entry<String, String> entry : table.entrySet()) {
      if (name.startsWith(entry.getKey() + ".")) {
        return entry.getValue() + name.substring(entry.getKey().length());
      }
    }
    return name;
  }

  /// Adds `made` under `prefix`, if `names` reads them back as what they are made of.
  private static void add(
      String prefix, List<OriginalTensor> made, Renaming names, List<OriginalTensor> all) {
    for (OriginalTensor tensor : made) {
      Set<String> read = new TreeSet<>();
      names.targets(tensor.name()).forEach(target -> read.add(target.name()));
      if (!read.equals(new TreeSet<>(tensor.parts()))) {
        throw new ModelFormatException(
            "%s: expected tensors that the original naming knows, found '%s'"
                .formatted(tensor.source().origin(), tensor.parts().getFirst()));
      }
      all.add(
          new OriginalTensor(
              prefix + tensor.name(), tensor.making(), tensor.source(), tensor.parts()));
    }
  }
}
