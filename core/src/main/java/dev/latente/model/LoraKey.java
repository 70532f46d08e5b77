package dev.latente.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a tensor in a LoRA's file, taken apart.
///
/// It knows the names of kohya's scripts, LyCORIS, diffusers (old and new), PEFT and ComfyUI.
///
/// @param part the network, as far as the name says
/// @param path the layer, `.` and `_` not told apart: `down_blocks_0_attentions_0_proj_in`
/// @param role what the tensor is for it
record LoraKey(LoraPart part, String path, LoraRole role) {
  private record Ending(Pattern pattern, LoraRole role) {
    static Ending of(String regex, LoraRole role) {
      return new Ending(Pattern.compile("(.+?)" + regex), role);
    }
  }

  private record Beginning(String text, LoraPart part) {}

  /// PEFT names the set of weights, usually `default`.
  private static final String PEFT_END = "(?:\\.[^.]+)?\\.weight";

  private static final List<Ending> ENDINGS =
      List.of(
          Ending.of(
              "\\.(?:lora_down|lora\\.down|lora_linear_layer\\.down)\\.weight", LoraRole.DOWN),
          Ending.of("\\.(?:lora_up|lora\\.up|lora_linear_layer\\.up)\\.weight", LoraRole.UP),
          Ending.of("_lora\\.down\\.weight", LoraRole.DOWN),
          Ending.of("_lora\\.up\\.weight", LoraRole.UP),
          Ending.of("\\.lora_A" + PEFT_END, LoraRole.DOWN),
          Ending.of("\\.lora_B" + PEFT_END, LoraRole.UP),
          Ending.of("\\.lora_mid\\.weight", LoraRole.MID),
          Ending.of("\\.alpha", LoraRole.ALPHA),
          Ending.of("\\.dora_scale", LoraRole.DORA_SCALE),
          Ending.of("\\.lora_magnitude_vector(?:\\.[^.]+)?(?:\\.weight)?", LoraRole.MAGNITUDE),
          Ending.of("\\.hada_w1_a", LoraRole.HADA_1_A),
          Ending.of("\\.hada_w1_b", LoraRole.HADA_1_B),
          Ending.of("\\.hada_t1", LoraRole.HADA_1_T),
          Ending.of("\\.hada_w2_a", LoraRole.HADA_2_A),
          Ending.of("\\.hada_w2_b", LoraRole.HADA_2_B),
          Ending.of("\\.hada_t2", LoraRole.HADA_2_T),
          Ending.of("\\.lokr_w1", LoraRole.LOKR_1),
          Ending.of("\\.lokr_w1_a", LoraRole.LOKR_1_A),
          Ending.of("\\.lokr_w1_b", LoraRole.LOKR_1_B),
          Ending.of("\\.lokr_w2", LoraRole.LOKR_2),
          Ending.of("\\.lokr_w2_a", LoraRole.LOKR_2_A),
          Ending.of("\\.lokr_w2_b", LoraRole.LOKR_2_B),
          Ending.of("\\.lokr_t2", LoraRole.LOKR_2_T),
          Ending.of("\\.a1\\.weight", LoraRole.GLORA_A1),
          Ending.of("\\.a2\\.weight", LoraRole.GLORA_A2),
          Ending.of("\\.b1\\.weight", LoraRole.GLORA_B1),
          Ending.of("\\.b2\\.weight", LoraRole.GLORA_B2),
          Ending.of("\\.(?:diff|w_norm)", LoraRole.WEIGHT_DIFFERENCE),
          Ending.of("\\.(?:diff_b|b_norm)", LoraRole.BIAS_DIFFERENCE),
          Ending.of("\\.on_input", LoraRole.IA3_ON_INPUT),
          Ending.of("\\.weight", LoraRole.IA3_FACTORS));

  /// In the order of trying: a beginning comes before those it begins with.
  private static final List<Beginning> BEGINNINGS =
      List.of(
          new Beginning("lora_unet_", LoraPart.UNET),
          new Beginning("lora_te_", LoraPart.TEXT),
          new Beginning("lora_te1_", LoraPart.TEXT_1),
          new Beginning("lora_te2_", LoraPart.TEXT_2),
          new Beginning("lora_", LoraPart.FOREIGN),
          new Beginning("unet.", LoraPart.UNET),
          new Beginning("model.diffusion_model.", LoraPart.UNET),
          new Beginning("diffusion_model.", LoraPart.UNET),
          new Beginning("text_encoder.", LoraPart.TEXT_1),
          new Beginning("text_encoder_2.", LoraPart.TEXT_2),
          new Beginning("text_encoder_3.", LoraPart.FOREIGN),
          new Beginning("text_encoders.clip_l.transformer.", LoraPart.TEXT_1),
          new Beginning("text_encoders.clip_g.transformer.", LoraPart.TEXT_2),
          new Beginning("text_encoders.", LoraPart.FOREIGN),
          new Beginning("transformer.", LoraPart.FOREIGN),
          new Beginning("lycoris_unet_", LoraPart.UNET));

  private static final Pattern TEXT_PATH = Pattern.compile("(text_model|encoder_layers)_.*");

  /// What `name` says; nothing if it does not read as part of a LoRA.
  static Optional<LoraKey> parse(String name) {
    for (Ending ending : ENDINGS) {
      Matcher matcher = ending.pattern().matcher(name);
      if (matcher.matches()) {
        return Optional.of(of(withoutWrapping(matcher.group(1)), ending.role()));
      }
    }
    return Optional.empty();
  }

  /// What PEFT and old versions of diffusers put around a layer's path.
  private static String withoutWrapping(String path) {
    return path.replaceFirst("^(?:base_model\\.model\\.)+", "").replace(".processor.", ".");
  }

  private static LoraKey of(String path, LoraRole role) {
    for (Beginning beginning : BEGINNINGS) {
      if (path.startsWith(beginning.text())) {
        String rest = path.substring(beginning.text().length());
        return new LoraKey(beginning.part(), underscored(rest), role);
      }
    }
    String bare = underscored(path.replaceFirst("^lycoris_", ""));
    LoraPart part = TEXT_PATH.matcher(bare).matches() ? LoraPart.TEXT : LoraPart.UNET;
    return new LoraKey(part, bare, role);
  }

  static String underscored(String path) {
    return path.replace('.', '_');
  }
}
