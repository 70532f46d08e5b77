package dev.latente.model;

import dev.latente.model.Renaming.Rule;
import dev.latente.model.Renaming.Target;
import java.util.List;

/// What older and newer versions of diffusers and transformers call the same weights.
final class DiffusersNames {
  /// Attention of autoencoders saved before diffusers 0.15.
  static final Renaming VAE =
      Renaming.table(
          matrix("(.*attentions\\.\\d+)\\.query\\.(.*)", "$1.to_q.$2"),
          matrix("(.*attentions\\.\\d+)\\.key\\.(.*)", "$1.to_k.$2"),
          matrix("(.*attentions\\.\\d+)\\.value\\.(.*)", "$1.to_v.$2"),
          matrix("(.*attentions\\.\\d+)\\.proj_attn\\.(.*)", "$1.to_out.0.$2"));

  /// transformers 5 leaves out the prefix `text_model`; transformers 4 before .31 saved a table of
  /// positions 0, 1, 2, … with the weights.
  static final Renaming TEXT =
      Renaming.table(
          Rule.ignore("(.*\\.)?position_ids"),
          Rule.rename("((embeddings|encoder|final_layer_norm)\\..*)", "text_model.$1"));

  /// As [#TEXT], for encoders whose pooled text is not used.
  static final Renaming TEXT_WITHOUT_PROJECTION =
      name -> name.startsWith("text_projection.") ? List.of() : TEXT.targets(name);

  private DiffusersNames() {}

  private static Rule matrix(String pattern, String replacement) {
    return Rule.to(pattern, new Target(replacement, Form.MATRIX));
  }
}
