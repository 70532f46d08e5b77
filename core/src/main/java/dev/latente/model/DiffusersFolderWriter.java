package dev.latente.model;

import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Writes a model as a folder in diffusers' layout, component by component.
///
/// Each file appears whole or not at all; [#finish] writes the index, without which nobody takes
/// the folder for a model. Not thread-safe.
public final class DiffusersFolderWriter {
  private final Path folder;
  private final ElementType type;
  private final ObjectNode index = Json.object();

  /// Writes to `folder`, which is made if need be.
  ///
  /// @param type how weights are stored
  public DiffusersFolderWriter(Path folder, ElementType type) {
    this.folder = folder;
    this.type = type;
  }

  /// Writes the U-Net; `weights` are those of its [dev.latente.nn.WeightSource].
  public DiffusersFolderWriter unet(UNetConfig config, Map<String, Tensor> weights)
      throws IOException {
    component("unet", "diffusers", UNetJson.CLASS);
    writeJson("unet/config.json", UNetJson.write(config));
    writeWeights("unet", DiffusersFolder.WEIGHTS, weights);
    return this;
  }

  /// Writes the autoencoder.
  public DiffusersFolderWriter vae(VaeConfig config, Map<String, Tensor> weights)
      throws IOException {
    component("vae", "diffusers", VaeJson.CLASS);
    writeJson("vae/config.json", VaeJson.write(config));
    writeWeights("vae", DiffusersFolder.WEIGHTS, weights);
    return this;
  }

  /// Writes the text encoder.
  public DiffusersFolderWriter textEncoder(ClipTextConfig config, Map<String, Tensor> weights)
      throws IOException {
    ObjectNode json = ClipTextJson.write(config);
    component("text_encoder", "transformers", json.path("architectures").path(0).asString());
    writeJson("text_encoder/config.json", json);
    writeWeights("text_encoder", DiffusersFolder.TEXT_WEIGHTS, weights);
    return this;
  }

  /// Copies the tokenizer's files, such as `vocab.json` and `merges.txt`.
  public DiffusersFolderWriter tokenizer(List<Path> files) throws IOException {
    component("tokenizer", "transformers", "CLIPTokenizer");
    Path target = Files.createDirectories(folder.resolve("tokenizer"));
    for (Path file : files) {
      Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    return this;
  }

  /// Writes the scheduler's settings.
  public DiffusersFolderWriter scheduler(SchedulerConfig config) throws IOException {
    component("scheduler", "diffusers", config.className());
    writeJson("scheduler/" + DiffusersFolder.SCHEDULER_FILE, SchedulerJson.write(config));
    return this;
  }

  /// Adds how the model's makers advise to sample it: [SamplingHints].
  public DiffusersFolderWriter advise(int steps, double guidance) {
    index.putObject(SamplingHints.FIELD).put("steps", steps).put("guidance", guidance);
    return this;
  }

  /// Writes `model_index.json`, which makes the folder a model.
  ///
  /// @throws IllegalStateException if a component that every model has was not written
  public void finish() throws IOException {
    for (String needed : List.of("unet", "text_encoder", "scheduler")) {
      if (!index.has(needed)) {
        throw new IllegalStateException("a model needs a component '%s'".formatted(needed));
      }
    }
    ObjectNode whole =
        Json.object()
            .put(
                "_class_name",
                index.has("vae") ? "StableDiffusionPipeline" : DiffusersFolder.PIXEL_PIPELINE);
    Stream.of(SamplingHints.FIELD, "scheduler", "text_encoder", "tokenizer", "unet", "vae")
        .filter(index::has)
        .forEach(name -> whole.set(name, index.get(name)));
    writeJson(DiffusersFolder.INDEX, whole);
  }

  private void component(String name, String library, String className) throws IOException {
    Files.createDirectories(folder.resolve(name));
    index.putArray(name).add(library).add(className);
  }

  private void writeJson(String name, ObjectNode json) throws IOException {
    AtomicFile.write(folder.resolve(name), Json.pretty(json));
  }

  private void writeWeights(String component, String stem, Map<String, Tensor> weights)
      throws IOException {
    new SafetensorsWriter()
        .metadata("format", "pt")
        .addAll(weights, type)
        .write(folder.resolve(component).resolve(stem + ".safetensors"));
  }
}
