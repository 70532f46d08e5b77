package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.nn.TensorSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Tells what a single file holds, by a table of rules on its tensors' names and shapes.
///
/// The rules are those of diffusers' `CHECKPOINT_KEY_NAMES`, on the U-Net's weights alone, so that
/// files with converted text encoders are known too.
final class Detection {
  /// What a LoRA's file is found to be.
  static final String LORA = "a LoRA";

  private static final String UNET = "model.diffusion_model.";

  /// Keys of an attention to the text; their width tells the family.
  private static final String SECOND_LEVEL =
      UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight";

  private static final String FIRST_LEVEL =
      UNET + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight";

  /// One line of the table.
  private record Rule(
      Predicate<TensorSource> test, Optional<Architecture> architecture, String what) {}

  private static final List<Rule> RULES =
      List.of(
          other("Playground 2.5", has("edm_mean")),
          other("Stable Diffusion 3", any(".*joint_blocks\\.0\\.context_block\\..*")),
          other("FLUX", any(".*double_blocks\\.0\\.img_attn\\..*")),
          known(Architecture.SD_XL, width(SECOND_LEVEL, 2048)),
          known(Architecture.SD_XL_REFINER, width(SECOND_LEVEL, 1280)),
          known(Architecture.UPSCALER, has(UNET + "input_blocks.10.0.skip_connection.bias")),
          known(Architecture.SD_2, width(FIRST_LEVEL, 1024)),
          known(Architecture.SD_1, width(FIRST_LEVEL, 768)),
          other(LORA, any(".*[._](lora_(up|down|A|B)|lora\\.(up|down)|hada_w1_a|lokr_w1).*")),
          other("a ControlNet", has("control_model.time_embed.0.weight")),
          other("a ControlNet", any("(.*\\.)?controlnet_cond_embedding\\.conv_in\\.weight")),
          other("an IP-Adapter", any("(image_proj|ip_adapter)\\..*")),
          other("a motion module (AnimateDiff)", any(".*motion_modules\\..*")),
          other("a textual inversion", any("string_to_param.*|emb_params|clip_[lg]")),
          other("a U-Net alone, in diffusers' naming", has("down_blocks.0.resnets.0.conv1.weight")),
          other("a U-Net alone", has("input_blocks.0.0.weight")),
          other("an autoencoder alone", any("decoder\\.(up|up_blocks)\\.0\\..*")),
          other(
              "a tiny autoencoder alone", any("(decoder\\.(layers\\.)?)?[23]\\.conv\\.0\\.weight")),
          other(
              "a text encoder alone",
              any("(text_model\\.|transformer\\.)?(encoder|resblocks)\\..*")),
          other("a U-Net of unknown sizes", has(UNET + "input_blocks.0.0.weight")));

  private Detection() {}

  /// The architecture of a whole model.
  ///
  /// @throws ModelFormatException if it is something else, which the message names if it is known
  static Architecture detect(TensorSource source) {
    Finding found = find(source);
    return found
        .architecture()
        .orElseThrow(() ->
            new ModelFormatException(
                "%s: expected a whole model of Stable Diffusion 1, 2 or XL, found %s%s"
                    .formatted(source.origin(), found.what(), examples(source))));
  }

  /// What a file holds.
  ///
  /// @param architecture if it is a whole model
  /// @param what in words
  record Finding(Optional<Architecture> architecture, String what) {}

  /// Tells what `source` holds, whatever it is.
  static Finding find(TensorSource source) {
    return RULES.stream()
        .filter(rule -> rule.test().test(source))
        .findFirst()
        .map(rule -> new Finding(rule.architecture(), rule.what()))
        .orElse(new Finding(Optional.empty(), "tensors of an unknown model"));
  }

  /// What a file holds, for people.
  static String describe(TensorSource source) {
    return find(source).what() + examples(source);
  }

  private static String examples(TensorSource source) {
    List<String> first = source.names().stream().sorted().limit(2).toList();
    return first.isEmpty()
        ? " (no tensors)"
        : " (%d tensors, such as %s)".formatted(source.names().size(), String.join(" and ", first));
  }

  private static Rule known(Architecture architecture, Predicate<TensorSource> test) {
    return new Rule(test, Optional.of(architecture), architecture.name());
  }

  private static Rule other(String what, Predicate<TensorSource> test) {
    return new Rule(test, Optional.empty(), what);
  }

  private static Predicate<TensorSource> has(String name) {
    return source -> source.names().contains(name);
  }

  private static Predicate<TensorSource> any(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return source -> source.names().stream().anyMatch(name -> pattern.matcher(name).matches());
  }

  private static Predicate<TensorSource> width(String name, long width) {
    return has(name)
        .and(source -> {
          long[] shape = source.shape(name);
          return shape.length == 2 && shape[1] == width;
        });
  }
}
