package dev.latente.model;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Precision;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.CodecConfig;
import dev.latente.vae.TinyVaeConfig;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A folder in diffusers' layout: `model_index.json`, and a folder for each component.
public final class DiffusersFolder {
  static final String INDEX = "model_index.json";
  static final String SCHEDULER_FILE = "scheduler_config.json";
  static final String WEIGHTS = "diffusion_pytorch_model";
  static final String TEXT_WEIGHTS = "model";

  /// Our own name for a model without an autoencoder: its network sees pixels.
  public static final String PIXEL_PIPELINE = "PixelDiffusionPipeline";

  /// The pipelines of diffusers whose models can be read.
  private static final SortedSet<String> PIPELINES =
      new TreeSet<>(
          List.of(
              "LatentConsistencyModelPipeline",
              PIXEL_PIPELINE,
              "StableDiffusionDepth2ImgPipeline",
              PictureParts.VARIATION,
              "StableDiffusionImg2ImgPipeline",
              "StableDiffusionInpaintPipeline",
              "StableDiffusionInpaintPipelineLegacy",
              "StableDiffusionInstructPix2PixPipeline",
              "StableDiffusionPipeline",
              "StableDiffusionUpscalePipeline",
              "StableDiffusionXLImg2ImgPipeline",
              "StableDiffusionXLInpaintPipeline",
              "StableDiffusionXLInstructPix2PixPipeline",
              "StableDiffusionXLPipeline",
              PictureParts.UNCLIP));

  private final Path folder;
  private final Precision wanted;
  private final ObjectNode index;
  private final List<CheckpointSource> opened = new ArrayList<>();

  private DiffusersFolder(Path folder, Precision wanted, ObjectNode index) {
    this.folder = folder;
    this.wanted = wanted;
    this.index = index;
  }

  /// Opens all components of the model in `folder`.
  ///
  /// @param wanted the precision it will run in, by which a variant of the weights is chosen
  /// @throws ModelFormatException if something is missing or is of an unknown architecture
  public static Checkpoint open(Path folder, Precision wanted) throws IOException {
    DiffusersFolder reader = new DiffusersFolder(folder, wanted, readIndex(folder));
    try {
      return reader.checkpoint();
    } catch (IOException | RuntimeException | Error e) {
      reader.opened.forEach(CheckpointSource::close);
      throw e;
    }
  }

  /// Opens a variational autoencoder alone.
  ///
  /// @param folder the folder of the component, with its `config.json`
  public static Part<VaeConfig> openVae(Path folder, Precision wanted) throws IOException {
    VaeConfig config = VaeJson.read(config(folder));
    CheckpointSource weights = WeightFiles.open(folder, WEIGHTS, wanted);
    return new Part<>(config, RenamedSource.of(weights, DiffusersNames.VAE));
  }

  /// Opens what stands between pictures and latents: a variational or a tiny autoencoder.
  ///
  /// @param folder the folder of the component, with its `config.json`
  static Part<CodecConfig> openCodec(Path folder, Precision wanted) throws IOException {
    ConfigReader json = config(folder);
    if (json.text("_class_name", VaeJson.CLASS).equals(TinyVaeJson.CLASS)) {
      TinyVaeConfig tiny = TinyVaeJson.read(json);
      return new Part<>(tiny, WeightFiles.open(folder, WEIGHTS, wanted));
    }
    Part<VaeConfig> vae = openVae(folder, wanted);
    return new Part<>(vae.config(), vae.weights());
  }

  private static ObjectNode readIndex(Path folder) throws IOException {
    Path path = folder.resolve(INDEX);
    if (!Files.exists(path)) {
      throw new ModelFormatException(
          "%s: expected a model folder with %s, found %s".formatted(folder, INDEX, found(folder)));
    }
    ObjectNode index = Json.read(path);
    String pipeline = index.path("_class_name").asString("");
    if (!PIPELINES.contains(pipeline)) {
      throw new ModelFormatException(
          "%s: unsupported architecture '%s'; supported: %s"
              .formatted(path, pipeline, String.join(", ", PIPELINES)));
    }
    return index;
  }

  private static String found(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder) ? "a file" : "no such folder";
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      return names.isEmpty() ? "an empty folder" : String.join(", ", names);
    }
  }

  private Checkpoint checkpoint() throws IOException {
    require("unet", "a U-Net");
    Part<UNetConfig> unet = unet();
    String pipeline = index.path("_class_name").asString("");
    boolean pixels = pipeline.equals(PIXEL_PIPELINE);
    Optional<Part<CodecConfig>> vae = pixels ? Optional.empty() : Optional.of(vae());
    List<TextEncoderPart> textEncoders = new ArrayList<>();
    for (String suffix : List.of("", "_2")) {
      if (has("text_encoder" + suffix)) {
        textEncoders.add(textEncoder(suffix));
      }
    }
    if (textEncoders.isEmpty() && !pipeline.equals(PictureParts.VARIATION)) {
      require("text_encoder", "a text encoder");
    }
    ConfigReader options = new ConfigReader(folder.resolve(INDEX).toString(), index);
    return new Checkpoint(
        folder,
        unet,
        vae,
        textEncoders,
        scheduler(),
        true,
        options.flag("force_zeros_for_empty_prompt", false),
        options.flag("requires_aesthetics_score", false),
        LowResolution.in(folder, unet.config()),
        List.of());
  }

  private Part<UNetConfig> unet() throws IOException {
    requireClass("unet", List.of(UNetJson.CLASS));
    Path path = component("unet");
    UNetConfig config = UNetJson.read(config(path));
    CheckpointSource weights = WeightFiles.open(path, WEIGHTS, wanted);
    opened.add(weights);
    return new Part<>(config, weights);
  }

  private Part<CodecConfig> vae() throws IOException {
    require("vae", "an autoencoder");
    requireClass("vae", List.of(VaeJson.CLASS, TinyVaeJson.CLASS));
    Part<CodecConfig> vae = openCodec(component("vae"), wanted);
    opened.add(vae.weights());
    return vae;
  }

  private TextEncoderPart textEncoder(String suffix) throws IOException {
    String name = "text_encoder" + suffix;
    String className =
        requireClass(name, List.of(ClipTextJson.CLASS, ClipTextJson.CLASS_WITH_PROJECTION));
    boolean withProjection = className.equals(ClipTextJson.CLASS_WITH_PROJECTION);
    Path path = component(name);
    ClipTextConfig config = ClipTextJson.read(config(path), withProjection);
    CheckpointSource weights = WeightFiles.open(path, TEXT_WEIGHTS, wanted);
    opened.add(weights);
    Renaming names = withProjection ? DiffusersNames.TEXT : DiffusersNames.TEXT_WITHOUT_PROJECTION;
    Path tokenizer = folder.resolve("tokenizer" + suffix);
    return new TextEncoderPart(
        config,
        RenamedSource.of(weights, names),
        Files.isDirectory(tokenizer) ? Optional.of(tokenizer) : Optional.empty());
  }

  private SchedulerConfig scheduler() throws IOException {
    require("scheduler", "a scheduler");
    Path path = component("scheduler").resolve(SCHEDULER_FILE);
    return SchedulerJson.read(new ConfigReader(path.toString(), Json.read(path)));
  }

  /// Whether the index lists the component; `[null, null]` stands for none.
  private boolean has(String name) {
    return index.path(name).isArray() && index.path(name).path(1).isString();
  }

  private void require(String name, String what) {
    if (!has(name)) {
      throw new ModelFormatException(
          "%s: expected %s ('%s'), found none".formatted(folder.resolve(INDEX), what, name));
    }
  }

  private String requireClass(String name, List<String> supported) {
    String found = index.path(name).path(1).asString("");
    if (!supported.contains(found)) {
      throw new ModelFormatException(
          "%s: %s: unsupported class '%s'; supported: %s"
              .formatted(folder.resolve(INDEX), name, found, String.join(", ", supported)));
    }
    return found;
  }

  private Path component(String name) {
    Path path = folder.resolve(name);
    if (!Files.isDirectory(path)) {
      throw new ModelFormatException(
          "%s: expected a folder '%s', as %s says, found none".formatted(folder, name, INDEX));
    }
    return path;
  }

  private static ConfigReader config(Path folder) throws IOException {
    Path path = folder.resolve("config.json");
    return new ConfigReader(path.toString(), Json.read(path));
  }
}
