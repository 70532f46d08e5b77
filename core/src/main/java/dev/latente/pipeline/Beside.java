package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.ModelKind.Task;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a network sees beside the noisy latents.
///
/// @param channels `[1, E, h, w]`, the same for every picture, or `[N, E, h, w]`; the same at every
///   step; none for most models
/// @param guidance how strictly it is to follow them; 1 for all but those that change a picture by
///   an instruction
/// @param small the picture that an upscaler sees, before its noise
/// @param label the level of that noise, which the network is told
record Beside(
    Optional<Tensor> channels, double guidance, Optional<SmallPicture> small, OptionalInt label) {
  /// Nothing.
  static final Beside NOTHING =
      new Beside(Optional.empty(), 1, Optional.empty(), OptionalInt.empty());

  /// Checks that `request` has what the model sees, and no more.
  ///
  /// @throws IllegalArgumentException if not
  static void require(LoadedModel model, ImageRequest request) {
    boolean draws = model.task() == Task.DEPTH;
    if (draws && request.depth().isEmpty()) {
      throw new IllegalArgumentException(
          "the model '%s' draws after a depth map: none was given; 'auto' would estimate that of the picture to begin with"
              .formatted(model.name()));
    }
    if (!draws && request.depth().isPresent() && model.ownDepth().isEmpty()) {
      throw new IllegalArgumentException(
          "the model '%s' takes no depth map, but one was given; a ControlNet for depth would"
              .formatted(model.name()));
    }
    if (model.task() != Task.INSTRUCT
        && request.imageGuidance() != ImageRequest.USUAL_IMAGE_GUIDANCE) {
      throw new IllegalArgumentException(
          "the model '%s' changes no picture by an instruction, but an image guidance was given: %s"
              .formatted(model.name(), request.imageGuidance()));
    }
    boolean masked = request.start().filter(StartPicture::isPartial).isPresent();
    if (model.task() == Task.INPAINT && !masked) {
      throw new IllegalArgumentException(
          "the model '%s' redraws under a mask: none was given".formatted(model.name()));
    }
    if (changes(model)) {
      requireWhole(model, request, masked);
    }
  }

  private static void requireWhole(LoadedModel model, ImageRequest request, boolean masked) {
    String does = model.task() == Task.UPSCALE ? "enlarges" : "changes";
    if (request.start().isEmpty()) {
      throw new IllegalArgumentException(
          "the model '%s' %s a picture: none was given to begin with"
              .formatted(model.name(), does));
    }
    if (masked) {
      throw new IllegalArgumentException(
          "the model '%s' %s a whole picture, but a mask was given".formatted(model.name(), does));
    }
  }

  /// Whether the model sees the picture to begin with, and draws from noise alone: InstructPix2Pix,
  /// upscalers.
  static boolean changes(LoadedModel model) {
    return model.task() == Task.INSTRUCT || model.task() == Task.UPSCALE;
  }

  /// These channels.
  static Beside of(Tensor channels) {
    return new Beside(Optional.of(channels), 1, Optional.empty(), OptionalInt.empty());
  }

  /// What `model` sees of `request`.
  static Beside of(LoadedModel model, ImageRequest request) {
    return switch (model.task()) {
      case DEPTH -> of(depth(model, request));
      case INSTRUCT ->
          new Beside(
              Optional.of(picture(model, request)),
              request.imageGuidance(),
              Optional.empty(),
              OptionalInt.empty());
      case UPSCALE ->
          new Beside(
              Optional.empty(),
              1,
              Optional.of(SmallPicture.of(model, request)),
              OptionalInt.of(request.sampling().upscaleNoise()));
      case TEXT_TO_IMAGE, INPAINT -> NOTHING;
    };
  }

  /// The same for pictures whose noise is drawn by `recipes`.
  Beside begin(List<NoiseRecipe> recipes) {
    return small.isEmpty()
        ? this
        : new Beside(Optional.of(small.get().noisy(recipes)), guidance, Optional.empty(), label);
  }

  private static Tensor depth(LoadedModel model, ImageRequest request) {
    long[] shape = model.latentShape(request.width(), request.height());
    DepthSource seen = SeenDepth.of(request);
    return seen.nearness((int) shape[2], (int) shape[3]).to(model.device());
  }

  private static Tensor picture(LoadedModel model, ImageRequest request) {
    StartPicture start = request.start().orElseThrow();
    Picture fitting = start.fit().apply(start.picture(), request.width(), request.height());
    Tensor pixels = Tensor.of(fitting.toFloats(), 1, 3, request.height(), request.width());
    LatentSpace space = model.space();
    return space.unscaled(space.encode(pixels.to(model.device())));
  }

  /// `network`, which sees this beside the latents.
  ///
  /// With guidance by the picture, the estimate is [Brooks et al.
  /// (2023)](https://arxiv.org/abs/2211.09800)'s, equation 3, with `e00` the estimate without text
  /// and picture, `e0p` with the picture and `etp` with both:
  ///
  /// ```
  /// e00 + s (etp - e0p) + p (e0p - e00)
  /// ```
  ///
  /// The two rows of guidance by text are mixed to `(1 - s) e0p + s etp`, so the row without the
  /// text becomes `e0p + (p - 1) / (1 - s) (e0p - e00)`.
  ///
  /// @param scale `s`, of guidance by text
  Question.Network seenBy(Question.Network network, double scale) {
    if (channels.isEmpty()) {
      return network;
    }
    Tensor seen = channels.get();
    boolean twice = guidance != 1 && scale != 1;
    return (x, timestep, told, without) -> {
      Conditioning labelled = labelled(told, x);
      Tensor answers = network.predict(joined(x, seen), timestep, labelled, without);
      if (!twice || without == 0) {
        return answers;
      }
      Tensor blind = joined(x.slice(0, 0, without), Tensor.full(0, seen.shape()).like(seen));
      Tensor neither = network.predict(blind, timestep, told.rows(0, without), without);
      Tensor picture = answers.slice(0, 0, without);
      Tensor mixed = picture.plus(picture.minus(neither).times((guidance - 1) / (1 - scale)));
      return without == x.size(0)
          ? mixed
          : Tensor.concat(0, mixed, answers.slice(0, without, x.size(0)));
    };
  }

  private Conditioning labelled(Conditioning told, Tensor x) {
    return label.isEmpty() ? told : told.withLabels(rows(label.getAsInt(), x));
  }

  private static Tensor rows(int label, Tensor x) {
    long[] labels = new long[(int) x.size(0)];
    Arrays.fill(labels, label);
    return Tensor.of(labels, labels.length).to(x.device());
  }

  /// Latents `x` `[R · N, C, h, w]`, each picture R times, with its channels beside each: `[R · N,
  /// C + E, h, w]`.
  private static Tensor joined(Tensor x, Tensor beside) {
    Tensor[] copies = new Tensor[(int) (x.size(0) / beside.size(0))];
    Arrays.fill(copies, beside);
    return Tensor.concat(1, x, Tensor.concat(0, copies));
  }
}
