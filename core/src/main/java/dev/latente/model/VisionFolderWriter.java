package dev.latente.model;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import dev.latente.vision.ClipVisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Writes a CLIP vision encoder as a folder that transformers reads too
/// (`CLIPVisionModelWithProjection`): `config.json` and its weights.
public final class VisionFolderWriter {
  private VisionFolderWriter() {}

  /// Writes to `folder`, which is made if need be; the config comes last, so that a folder with one
  /// is whole.
  ///
  /// @param weights those of its [dev.latente.nn.WeightSource]
  /// @param type how weights are stored
  public static void write(
      Path folder, ClipVisionConfig config, Map<String, Tensor> weights, ElementType type)
      throws IOException {
    Files.createDirectories(folder);
    new SafetensorsWriter()
        .metadata("format", "pt")
        .addAll(weights, type)
        .write(folder.resolve(DiffusersFolder.TEXT_WEIGHTS + ".safetensors"));
    AtomicFile.write(folder.resolve("config.json"), Json.pretty(json(config)));
  }

  private static ObjectNode json(ClipVisionConfig config) {
    ObjectNode json = Json.object();
    json.putArray("architectures").add("CLIPVisionModelWithProjection");
    return json.put("model_type", "clip_vision_model")
        .put("hidden_size", config.hiddenSize())
        .put("intermediate_size", config.intermediateSize())
        .put("num_hidden_layers", config.numHiddenLayers())
        .put("num_attention_heads", config.numAttentionHeads())
        .put("image_size", config.imageSize())
        .put("patch_size", config.patchSize())
        .put("num_channels", 3)
        .put("hidden_act", config.hiddenAct().name().toLowerCase(Locale.ROOT))
        .put("layer_norm_eps", config.layerNormEps())
        .put("projection_dim", config.projectionDim());
  }
}
