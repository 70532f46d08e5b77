package dev.latente.model;

import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.model.Conversion.Progress;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ObjectNode;

/// Writes a model that was a single file as a folder in diffusers' layout.
///
/// @param vocabulary a folder with CLIP's `vocab.json` and `merges.txt`
record FolderOfModel(Path folder, Optional<Precision> precision, Optional<Path> vocabulary) {
  private static final List<String> VOCABULARY = List.of("vocab.json", "merges.txt");

  void write(Checkpoint model, Progress progress) throws IOException {
    Map<String, List<String>> index = new TreeMap<>();
    Map<Path, SafetensorsWriter> weights = new TreeMap<>();
    boolean xl = model.unet().config().additionEmbed() instanceof AdditionEmbed.TextTime;
    boolean refiner = xl && model.textEncoders().size() == 1;
    part("unet", UNetJson.CLASS, UNetJson.write(model.unet().config()), index);
    weights.put(file("unet", DiffusersFolder.WEIGHTS), writer(model.unet().weights(), progress));
    part("vae", VaeJson.CLASS, VaeJson.write(ModelSizes.vae(model).config()), index);
    weights.put(
        file("vae", DiffusersFolder.WEIGHTS), writer(ModelSizes.vae(model).weights(), progress));
    for (int i = 0; i < model.textEncoders().size(); i++) {
      String suffix = i > 0 || refiner ? "_2" : "";
      TextEncoderPart text = model.textEncoders().get(i);
      ObjectNode json = ClipTextJson.write(text.config());
      part("text_encoder" + suffix, json.path("architectures").path(0).asString(), json, index);
      index.put(
          "text_encoder" + suffix,
          List.of("transformers", json.path("architectures").path(0).asString()));
      weights.put(
          file("text_encoder" + suffix, DiffusersFolder.TEXT_WEIGHTS),
          writer(text.weights(), progress));
      boolean openClip = xl && i == model.textEncoders().size() - 1;
      tokenizer("tokenizer" + suffix, openClip ? "!" : "<|endoftext|>", index);
    }
    Files.createDirectories(folder.resolve("scheduler"));
    AtomicFile.write(
        folder.resolve("scheduler").resolve(DiffusersFolder.SCHEDULER_FILE),
        Json.pretty(SchedulerJson.write(model.scheduler())));
    index.put("scheduler", List.of("diffusers", model.scheduler().className()));
    for (Map.Entry<Path, SafetensorsWriter> entry : weights.entrySet()) {
      entry.getValue().write(entry.getKey());
    }
    index(model, refiner, index);
  }

  private void index(Checkpoint model, boolean refiner, Map<String, List<String>> index)
      throws IOException {
    ObjectNode json = Json.object().put("_class_name", pipeline(model, refiner));
    if (model.emptyPromptIsZeros()) {
      json.put("force_zeros_for_empty_prompt", true);
    }
    if (model.requiresAestheticsScore()) {
      json.put("requires_aesthetics_score", true);
    }
    if (refiner) {
      json.putArray("text_encoder").addNull().addNull();
      json.putArray("tokenizer").addNull().addNull();
    } else if (model.unet().config().additionEmbed() instanceof AdditionEmbed.None) {
      json.putArray("feature_extractor").addNull().addNull();
      json.putArray("safety_checker").addNull().addNull();
      json.put("requires_safety_checker", false);
    }
    if (model.lowResolution().isPresent()) {
      model.lowResolution().get().write(folder, json);
    }
    ObjectNode advice = SamplingHints.read(model.origin()).write();
    if (!advice.isEmpty()) {
      json.set(SamplingHints.FIELD, advice);
    }
    index.forEach((name, words) -> words.forEach(json.withArray(name)::add));
    AtomicFile.write(folder.resolve(DiffusersFolder.INDEX), Json.pretty(json));
  }

  private static String pipeline(Checkpoint model, boolean refiner) {
    boolean xl = model.unet().config().additionEmbed() instanceof AdditionEmbed.TextTime;
    String family = xl ? "StableDiffusionXL" : "StableDiffusion";
    return switch (model.kind().task()) {
      case TEXT_TO_IMAGE -> family + (refiner ? "Img2ImgPipeline" : "Pipeline");
      case INPAINT -> family + "InpaintPipeline";
      case INSTRUCT -> family + "InstructPix2PixPipeline";
      case DEPTH -> "StableDiffusionDepth2ImgPipeline";
      case UPSCALE -> "StableDiffusionUpscalePipeline";
    };
  }

  private void part(
      String name, String className, ObjectNode config, Map<String, List<String>> index)
      throws IOException {
    Files.createDirectories(folder.resolve(name));
    index.put(name, List.of("diffusers", className));
    AtomicFile.write(folder.resolve(name).resolve("config.json"), Json.pretty(config));
  }

  private Path file(String component, String stem) {
    return folder.resolve(component).resolve(stem + ".safetensors");
  }

  /// Writes CLIP's tokenizer; XL's second one pads with another sign.
  private void tokenizer(String name, String padding, Map<String, List<String>> index)
      throws IOException {
    Path source =
        vocabulary.orElseThrow(() ->
            new ModelFormatException(
                "%s: expected CLIP's vocabulary to write, found none".formatted(folder)));
    Path target = Files.createDirectories(folder.resolve(name));
    for (String file : VOCABULARY) {
      Files.copy(source.resolve(file), target.resolve(file));
    }
    ObjectNode special =
        Json.object()
            .put("bos_token", "<|startoftext|>")
            .put("eos_token", "<|endoftext|>")
            .put("pad_token", padding)
            .put("unk_token", "<|endoftext|>");
    AtomicFile.write(target.resolve("special_tokens_map.json"), Json.pretty(special));
    AtomicFile.write(
        target.resolve("tokenizer_config.json"),
        Json.pretty(
            special
                .deepCopy()
                .put("model_max_length", 77)
                .put("tokenizer_class", "CLIPTokenizer")));
    index.put(name, List.of("transformers", "CLIPTokenizer"));
  }

  private SafetensorsWriter writer(CheckpointSource source, Progress progress) {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    for (String name : source.names()) {
      OriginalTensor tensor = OriginalTensor.same(name, source, name);
      ElementType type = precision.map(Precision::elementType).orElseGet(tensor::storedType);
      long bytes = LongStream.of(tensor.shape()).reduce(type.bytes(), Math::multiplyExact);
      writer.add(name, type, tensor.shape(), progress.telling(bytes, () -> tensor.bytes(type)));
    }
    return writer;
  }
}
