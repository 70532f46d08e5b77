package dev.latente.pipeline;

import dev.latente.model.Checkpoint;
import dev.latente.model.Checkpoint.Part;
import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.model.CheckpointSource;
import dev.latente.model.ModelKind.Task;
import dev.latente.model.SamplingHints;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads a model's weights and checks that its components belong together. Not thread-safe.
final class ModelLoader {
  private static final int USUAL_STEPS = 20;
  private static final double USUAL_GUIDANCE = 7.5; // diffusers' StableDiffusionPipeline

  private final Checkpoint checkpoint;
  private final Device device;
  private final Precision precision;
  private final List<WeightSource> weights = new ArrayList<>();

  private ModelLoader(Checkpoint checkpoint, Device device, Precision precision) {
    this.checkpoint = checkpoint;
    this.device = device;
    this.precision = precision;
  }

  /// Loads the model at `path`.
  ///
  /// @throws ModelFormatException if it cannot be read, or cannot draw from text alone
  static LoadedModel load(Path path, Device device, Precision precision) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(path, precision)) {
      ModelLoader loader = new ModelLoader(checkpoint, device, precision);
      try {
        return loader.load();
      } catch (IOException | RuntimeException | Error e) {
        loader.weights.forEach(WeightSource::release);
        throw e;
      }
    }
  }

  private LoadedModel load() throws IOException {
    requireTextToImage();
    UNetConfig config = checkpoint.unet().config();
    PromptEncoder prompts = prompts();
    UNet unet = component(checkpoint.unet().weights(), precision, at -> UNet.of(at, config));
    LatentSpace space =
        checkpoint.vae().isPresent()
            ? latents(checkpoint.vae().orElseThrow())
            : new LatentSpace.Pixels();
    return new LoadedModel(
        name(checkpoint.origin()),
        prompts,
        unet,
        space,
        checkpoint.scheduler(),
        defaults(config.sampleSize() * space.downscale()),
        device,
        precision,
        List.copyOf(weights));
  }

  private void requireTextToImage() {
    UNetConfig config = checkpoint.unet().config();
    if (checkpoint.kind().task() != Task.TEXT_TO_IMAGE) {
      throw bad("a model that draws from text alone", checkpoint.kind().task().label());
    }
    if (config.timeCondProjDim().isPresent()
        || !(config.additionEmbed() instanceof UNetConfig.AdditionEmbed.None)
        || checkpoint.textEncoders().size() != 1) {
      throw bad(
          "a model like Stable Diffusion 1 or 2, with one text encoder",
          "%s with %d"
              .formatted(checkpoint.kind().family().label(), checkpoint.textEncoders().size()));
    }
  }

  private PromptEncoder prompts() throws IOException {
    TextEncoderPart part = checkpoint.textEncoders().getFirst();
    ClipTextConfig config = part.config();
    int wanted = checkpoint.unet().config().crossAttentionDim();
    if (config.hiddenSize() != wanted) {
      throw bad(
          "a text encoder as wide as the U-Net's cross_attention_dim " + wanted,
          "hidden_size " + config.hiddenSize());
    }
    Path folder = part.tokenizer().orElseThrow(() -> bad("a tokenizer's files", "none"));
    ClipTokenizer tokenizer = ClipTokenizer.load(folder);
    if (tokenizer.size() > config.vocabSize()
        || tokenizer.length() > config.maxPositionEmbeddings()) {
      throw bad(
          "a tokenizer of at most %d tokens, %d in a prompt"
              .formatted(config.vocabSize(), config.maxPositionEmbeddings()),
          "%d and %d".formatted(tokenizer.size(), tokenizer.length()));
    }
    ClipTextEncoder encoder =
        component(part.weights(), precision, at -> ClipTextEncoder.of(at, config));
    return new PromptEncoder(tokenizer, encoder, device);
  }

  private LatentSpace latents(Part<VaeConfig> part) {
    VaeConfig config = part.config();
    int wanted = checkpoint.unet().config().outChannels();
    if (config.latentChannels() != wanted) {
      throw bad(
          "an autoencoder of the U-Net's %d channels".formatted(wanted),
          "latent_channels " + config.latentChannels());
    }
    Precision own = config.forceUpcast() && precision == Precision.F16 ? Precision.F32 : precision;
    return new LatentSpace.Latents(
        component(part.weights(), own, at -> Autoencoder.of(at, config)), own);
  }

  private <T> T component(
      CheckpointSource source, Precision precision, Function<Weights, T> factory) {
    StoredWeights stored = new StoredWeights(source, device, precision);
    weights.add(stored);
    T built = factory.apply(Weights.of(stored));
    try {
      stored.finish(_ -> false);
    } catch (ModelFormatException e) {
      weights.remove(stored); // freed them itself
      throw e;
    }
    return built;
  }

  private ModelDefaults defaults(int side) throws IOException {
    SamplingHints hints = SamplingHints.read(checkpoint.origin());
    int multiple = ImageRequest.MULTIPLE;
    int even = Math.clamp((side + multiple - 1L) / multiple * multiple, 1, ImageRequest.MAX_SIDE);
    ModelDefaults defaults =
        new ModelDefaults(
            even,
            even,
            hints.steps().orElse(USUAL_STEPS),
            hints.guidance().orElse(USUAL_GUIDANCE),
            checkpoint.scheduler().sampler(),
            checkpoint.scheduler().schedule());
    try {
      defaults.request("").build();
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(checkpoint.origin() + ": " + e.getMessage(), e);
    }
    return defaults;
  }

  private ModelFormatException bad(String expected, String found) {
    return new ModelFormatException(
        "%s: expected %s, found %s".formatted(checkpoint.origin(), expected, found));
  }

  private static String name(Path origin) {
    Path last = origin.toAbsolutePath().normalize().getFileName();
    return last == null ? origin.toString() : last.toString().replaceFirst("\\.safetensors$", "");
  }
}
