package dev.latente.pipeline;

import dev.latente.model.Checkpoint;
import dev.latente.model.PictureParts;
import dev.latente.model.SamplingHints;
import dev.latente.model.VisionPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Acceleration;
import dev.latente.tensor.Device;
import dev.latente.tensor.NativeHeap;
import dev.latente.tensor.Precision;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.vision.SafetyChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a model's weights and checks that its components belong together. Not thread-safe.
final class ModelLoader {
  // What the first step of SD 1.5 at 512x512 takes, about, beside the weights.
  private static final long SOON_NEEDED = 512L << 20;

  private final Checkpoint checkpoint;
  private final Components components;
  private final LoadOptions options;
  private final Precision precision;

  private ModelLoader(Checkpoint checkpoint, Components components, LoadOptions options) {
    this.checkpoint = checkpoint;
    this.components = components;
    this.options = options;
    this.precision = options.precision();
  }

  /// Loads the model at `path`.
  ///
  /// @throws ModelFormatException if it cannot be read, or cannot draw from text alone
  static LoadedModel load(Path path, LoadOptions options) throws IOException {
    return load(() -> open(path, options), options);
  }

  /// Loads the model that `opening` opens.
  ///
  /// @throws ModelFormatException if it cannot be read, or cannot draw from text alone
  static LoadedModel load(ModelSlot.Opening opening, LoadOptions options) throws IOException {
    boolean _ =
        switch (options.memory()) {
          case LOW -> NativeHeap.mapLarge();
          case BALANCED -> false;
          case FAST -> NativeHeap.keepFreed();
        };
    try (Checkpoint checkpoint = opening.open()) {
      Components components = new Components(options.device(), options.memory());
      try {
        ModelLoader loader = new ModelLoader(checkpoint, components, options);
        LoadedModel model = loader.load();
        if (loader.usesKernels()) {
          Acceleration.awaitWarmUp();
        }
        return model;
      } catch (IOException | RuntimeException | Error e) {
        components.release();
        throw e;
      }
    }
  }

  /// The files of the model at `path`.
  static Checkpoint open(Path path, LoadOptions options) throws IOException {
    return options.like().isPresent()
        ? Checkpoint.openLike(path, options.like().get(), options.precision())
        : Checkpoint.open(path, options.precision());
  }

  private LoadedModel load() throws IOException {
    UNetConfig config = checkpoint.unet().config();
    if (usesKernels()) {
      Acceleration.warmUp();
      if (options.memory() == MemoryUse.FAST) {
        NativeHeap.meet(SOON_NEEDED);
      }
    }
    PromptEncoder prompts = new PromptEncoderLoader(checkpoint, components, options).load();
    String name = name(checkpoint.origin());
    UNet unet = components.build(checkpoint.unet().weights(), precision, at -> UNet.of(at, config));
    LatentSpace space = new AutoencoderLoader(checkpoint, components, options).load();
    SchedulerConfig scheduler = scheduler(name, unet);
    return new LoadedModel(
        name,
        prompts,
        unet,
        space,
        scheduler,
        defaults(name, scheduler, config.sampleSize() * space.downscale()),
        components.device(),
        precision,
        checker(),
        OwnDepth.in(checkpoint.origin()),
        checkpoint.lowResolution(),
        pictures(),
        components.weights(),
        LoraTargets.of(
            unet, prompts.texts().stream().map(TextPart::encoder).toList(), components, precision));
  }

  /// Whether kernels matter for it, if they can be used.
  private boolean usesKernels() {
    return options.device() == Device.CPU
        && precision == Precision.F32
        && MemoryUse.isLarge(checkpoint.unet().weights());
  }

  private Optional<SafetyChecker> checker() throws IOException {
    if (!options.safetyChecker()) {
      return Optional.empty();
    }
    Optional<VisionPart> part = VisionPart.safetyChecker(checkpoint.origin(), precision);
    if (part.isEmpty()) {
      return Optional.empty();
    }
    try (VisionPart vision = part.get()) {
      return Optional.of(
          components.build(
              vision.weights(),
              precision,
              at -> SafetyChecker.of(at, vision.config(), vision.processor())));
    }
  }

  /// The model's scheduler, with what only its name or trying tells.
  private SchedulerConfig scheduler(String name, UNet unet) {
    SchedulerConfig scheduler = checkpoint.scheduler();
    if (Files.isRegularFile(checkpoint.origin())) {
      scheduler = FewSteps.scheduler(name, scheduler);
    }
    scheduler =
        switch (checkpoint.kind().family()) {
          case SD_XL, SD_XL_REFINER -> scheduler.with("model_family", "sdxl");
          case SD_1, SD_2, OTHER -> scheduler;
        };
    if (checkpoint.predictionIsCertain()) {
      return scheduler;
    }
    Prediction found = PredictionProbe.of(unet, components.device(), precision);
    return scheduler.with("prediction_type", found.configName());
  }

  private Optional<PictureEncoder> pictures() throws IOException {
    Optional<PictureParts> found = PictureParts.open(checkpoint.origin(), precision);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (PictureParts parts = found.get()) {
      requireWidth(parts);
      return Optional.of(PictureEncoder.of(parts, components, precision));
    }
  }

  private void requireWidth(PictureParts parts) {
    UNetConfig config = checkpoint.unet().config();
    int width = parts.encoder().config().projectionDim();
    int wanted =
        switch (config.additionEmbed()) {
          case AdditionEmbed.Picture(int both) -> both / 2;
          case AdditionEmbed.None _, AdditionEmbed.TextTime _ -> config.crossAttentionDim();
        };
    if (width != wanted) {
      throw new ModelFormatException(
          "%s: expected an image encoder of width %d, found projection_dim %d"
              .formatted(checkpoint.origin(), wanted, width));
    }
  }

  private ModelDefaults defaults(String name, SchedulerConfig scheduler, int side)
      throws IOException {
    SamplingHints hints = SamplingHints.read(checkpoint.origin());
    UsualSampling usual = UsualSampling.of(checkpoint.unet().config(), scheduler, name);
    int multiple = ImageRequest.MULTIPLE;
    int even = Math.clamp((side + multiple - 1L) / multiple * multiple, 1, ImageRequest.MAX_SIDE);
    ModelDefaults defaults =
        new ModelDefaults(
            even,
            even,
            hints.steps().orElse(usual.steps()),
            hints.guidance().orElse(usual.guidance()),
            scheduler.sampler(),
            scheduler.schedule(),
            hints.hiresStrength().orElse(HiresOptions.USUAL_STRENGTH));
    try {
      defaults.request("").build();
      defaults.hires(2);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(checkpoint.origin() + ": " + e.getMessage(), e);
    }
    return defaults;
  }

  private static String name(Path origin) {
    Path last = origin.toAbsolutePath().normalize().getFileName();
    return last == null
        ? origin.toString()
        : last.toString().replaceFirst("\\.(safetensors|gguf|ckpt|pt)$", "");
  }
}
