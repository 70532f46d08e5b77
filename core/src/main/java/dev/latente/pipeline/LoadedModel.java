package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.LowResolution;
import dev.latente.model.ModelKind;
import dev.latente.model.ModelKind.Task;
import dev.latente.nn.WeightSource;
import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.prompt.Pass;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.NativeHeap;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Residuals;
import dev.latente.unet.UNet;
import dev.latente.vision.SafetyChecker;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A model in memory.
///
/// @param name what users call it: the folder's or file's name
/// @param device where the weights are
/// @param precision of the U-Net's weights
/// @param checker what looks at the pictures, if the model's folder has one
/// @param ownDepth what makes it follow depth, if the model's folder has it
/// @param lowResolution how the picture is made noisy that the model enlarges, if it does
/// @param pictures what looks at the picture whose variations the model draws, if it does
/// @param weights everything to free
/// @param loraTargets what LoRAs change of it
record LoadedModel(
    String name,
    PromptEncoder prompts,
    UNet unet,
    LatentSpace space,
    SchedulerConfig scheduler,
    ModelDefaults defaults,
    Device device,
    Precision precision,
    Optional<SafetyChecker> checker,
    Optional<OwnDepth> ownDepth,
    Optional<LowResolution> lowResolution,
    Optional<PictureEncoder> pictures,
    List<WeightSource> weights,
    LoraTargets loraTargets) {

  /// The same model with other networks, which it does not free.
  LoadedModel with(UNet otherUnet, List<ClipTextEncoder> otherTexts) {
    return new LoadedModel(
        name,
        prompts.with(otherTexts),
        otherUnet,
        space,
        scheduler,
        defaults,
        device,
        precision,
        checker,
        ownDepth,
        lowResolution,
        pictures,
        List.of(),
        loraTargets);
  }

  /// The shape of the latents of one picture: `[1, C, H, W]`.
  long[] latentShape(int width, int height) {
    return new long[] {
      1, unet.config().outChannels(), side("height", height), side("width", width)
    };
  }

  private long side(String name, int pixels) {
    int multiple = space.downscale();
    if (pixels % multiple != 0) {
      throw new IllegalArgumentException(
          "%s must be a multiple of %d for this model: %d".formatted(name, multiple, pixels));
    }
    return pixels / multiple;
  }

  /// What comes back of `picture` when it is encoded and decoded.
  Picture reconstruct(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    latentShape(width, height); // refuses sizes that do not fit
    Tensor pixels = Tensor.of(picture.toFloats(), 1, 3, height, width).to(device);
    return Picture.ofFloats(width, height, space.reconstruct(pixels).toFloatArray());
  }

  /// What the network sees beside the latents.
  Task task() {
    return ModelKind.of(unet.config()).task();
  }

  /// How many times larger than the picture to begin with a picture is drawn: 1 for most models.
  int enlarging() {
    return task() == Task.UPSCALE ? space.downscale() : 1;
  }

  /// Whether guidance is built into the network, which is told its scale.
  boolean embedsGuidance() {
    return unet.config().timeCondProjDim().isPresent();
  }

  /// What the network is asked of `request`'s prompts.
  Context encode(ImageRequest request) {
    return encode(request, Pass.first(request.steps()));
  }

  /// What the network is asked of `request`'s prompts in `pass`.
  Context encode(ImageRequest request, Pass pass) {
    OptionalDouble told =
        embedsGuidance() ? OptionalDouble.of(request.guidance()) : OptionalDouble.empty();
    return prompts.encode(request, told, pass);
  }

  /// The scale of guidance between the estimates without and with the prompt, where both are asked.
  double guidance(ImageRequest request) {
    return embedsGuidance() ? 1 : Math.max(1, request.guidance());
  }

  /// The network's output for `x` `[N, C, H, W]`, in the next call of an evaluation.
  Tensor predict(Tensor x, double timestep, Conditioning told, StepCache cache) {
    Tensor timesteps = Tensor.full(timestep, x.size(0)).to(device);
    return cache
        .predict(unet, x.to(precision), timesteps, told, () -> Residuals.NONE)
        .to(Precision.F32);
  }

  /// The network's output for `x` `[N, C, H, W]`, guided by other networks, in the next call of an
  /// evaluation.
  ///
  /// @param without how many of the first rows are asked without the prompt
  Tensor predict(
      Tensor x,
      double timestep,
      Conditioning told,
      int without,
      Controls.During controls,
      StepCache cache) {
    Tensor timesteps = Tensor.full(timestep, x.size(0)).to(device);
    Tensor seen = x.to(precision);
    return cache
        .predict(
            unet,
            seen,
            timesteps,
            told,
            () -> controls.residuals(seen, timesteps, told, without).orElse(Residuals.NONE))
        .to(Precision.F32);
  }

  /// Says that the weights are used again and again until what is returned is closed.
  WeightSource.Often often() {
    List<WeightSource.Often> each = weights.stream().map(WeightSource::often).toList();
    return () -> each.forEach(WeightSource.Often::close);
  }

  /// Lets the memory of files that weights lie in leave the process, until they are used again; if
  /// memory is short, also that of tensors that were freed.
  void rest() {
    weights.forEach(WeightSource::rest);
    if (space.thrifty()) {
      NativeHeap.giveBack();
    }
  }

  /// Frees all weights.
  void release() {
    ownDepth.ifPresent(OwnDepth::close);
    weights.forEach(WeightSource::release);
  }
}
