package dev.latente.model;

import dev.latente.nn.ClipActivation;
import dev.latente.text.ClipTextConfig;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// `text_encoder/config.json` of a diffusers folder.
final class ClipTextJson {
  static final String CLASS = "CLIPTextModel";
  static final String CLASS_WITH_PROJECTION = "CLIPTextModelWithProjection";

  private ClipTextJson() {}

  /// Reads the sizes; `withProjection` is the pipeline's word on what it does with the pooled text.
  static ClipTextConfig read(ConfigReader whole, boolean withProjection) {
    // a whole CLIP has its text part's sizes one level down
    ConfigReader json =
        whole.node().path("text_config") instanceof ObjectNode text
            ? new ConfigReader(whole.origin(), text)
            : whole;
    return json.build(() ->
        new ClipTextConfig(
            json.integer("vocab_size", 49408),
            json.integer("hidden_size", 512),
            json.integer("intermediate_size", 2048),
            json.integer("num_hidden_layers", 12),
            json.integer("num_attention_heads", 8),
            json.integer("max_position_embeddings", 77),
            json.constant("hidden_act", ClipActivation.class, ClipActivation.QUICK_GELU),
            json.real("layer_norm_eps", 1e-5),
            json.integer("projection_dim", 512),
            json.integer("eos_token_id", 49407),
            withProjection));
  }

  static ObjectNode write(ClipTextConfig config) {
    ObjectNode json = Json.object();
    json.putArray("architectures").add(config.withProjection() ? CLASS_WITH_PROJECTION : CLASS);
    return json.put("bos_token_id", config.eosTokenId() - 1)
        .put("eos_token_id", config.eosTokenId())
        .put("hidden_act", config.hiddenAct().name().toLowerCase(Locale.ROOT))
        .put("hidden_size", config.hiddenSize())
        .put("intermediate_size", config.intermediateSize())
        .put("layer_norm_eps", config.layerNormEps())
        .put("max_position_embeddings", config.maxPositionEmbeddings())
        .put("model_type", "clip_text_model")
        .put("num_attention_heads", config.numAttentionHeads())
        .put("num_hidden_layers", config.numHiddenLayers())
        .put("projection_dim", config.projectionDim())
        .put("vocab_size", config.vocabSize());
  }
}
