package dev.latente.training;

import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the training of a diffusion model begins with.
public sealed interface DiffusionStart {
  /// Random weights, and a vocabulary learned from the captions.
  record Fresh() implements DiffusionStart {}

  /// The weights and the tokenizer of the model in `folder`, all trained.
  record Whole(Path folder) implements DiffusionStart {}

  /// The same, of which only the U-Net is trained: the text encoder says what it said before.
  record UNetOnly(Path folder) implements DiffusionStart {}

  /// The model's folder, if it begins with one.
  default Optional<Path> model() {
    return switch (this) {
      case Fresh() -> Optional.empty();
      case Whole(Path folder) -> Optional.of(folder);
      case UNetOnly(Path folder) -> Optional.of(folder);
    };
  }

  /// The networks of the first step.
  default DiffusionNetworks networks(UNetConfig unet, ClipTextConfig text, long seed)
      throws IOException {
    return model().isPresent()
        ? DiffusionNetworks.stored(model().get())
        : DiffusionNetworks.fresh(unet, text, seed);
  }

  /// Those weights of `networks` that training changes, by name, the text encoder's first.
  default Map<String, Tensor> trained(DiffusionNetworks networks) {
    return switch (this) {
      case Fresh() -> networks.weights();
      case Whole(Path _) -> networks.weights();
      case UNetOnly(Path _) -> {
        Map<String, Tensor> unet = new LinkedHashMap<>(networks.weights());
        unet.keySet().removeIf(name -> !name.startsWith("unet."));
        yield unet;
      }
    };
  }

  /// A part of the recipe.
  default String description() {
    return switch (this) {
      case Fresh() -> "";
      case Whole(Path folder) -> "from " + folder.toAbsolutePath().normalize() + " ";
      case UNetOnly(Path folder) -> "U-Net from " + folder.toAbsolutePath().normalize() + " ";
    };
  }
}
