package dev.latente.pipeline;

import dev.latente.model.ModelKind.Task;
import dev.latente.tensor.Tensor;
import java.util.Optional;

/// What a network sees beside the noisy latents.
///
/// @param channels `[1, E, h, w]`, the same for every picture and step; none for most models
record Beside(Optional<Tensor> channels) {
  /// Nothing.
  static final Beside NOTHING = new Beside(Optional.empty());

  /// Checks that `request` has what the model sees, and no more.
  ///
  /// @throws IllegalArgumentException if not
  static void require(LoadedModel model, ImageRequest request) {
    boolean needed = model.task() == Task.DEPTH;
    if (needed && request.depth().isEmpty()) {
      throw new IllegalArgumentException(
          "the model '%s' draws after a depth map: none was given".formatted(model.name()));
    }
    if (!needed && request.depth().isPresent()) {
      throw new IllegalArgumentException(
          "the model '%s' takes no depth map, but one was given; a ControlNet for depth would"
              .formatted(model.name()));
    }
    boolean masked = request.start().flatMap(StartPicture::mask).isPresent();
    if (model.task() == Task.INPAINT && !masked) {
      throw new IllegalArgumentException(
          "the model '%s' redraws under a mask: none was given".formatted(model.name()));
    }
  }

  /// What `model` sees of `request`.
  static Beside of(LoadedModel model, ImageRequest request) {
    long[] shape = model.latentShape(request.width(), request.height());
    return new Beside(
        request
            .depth()
            .map(depth -> depth.nearness((int) shape[2], (int) shape[3]).to(model.device())));
  }

  /// Latents `x` `[N, C, h, w]` with what is seen beside them, `[N, C + E, h, w]`.
  Tensor with(Tensor x) {
    if (channels.isEmpty()) {
      return x;
    }
    Tensor beside = channels.get();
    Tensor each = beside.expand(x.size(0), beside.size(1), beside.size(2), beside.size(3));
    return Tensor.concat(1, x, each);
  }
}
