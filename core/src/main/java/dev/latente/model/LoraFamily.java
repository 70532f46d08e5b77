package dev.latente.model;

import dev.latente.model.ModelKind.Family;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What a LoRA was made for, by its layers' names and sizes, or else by what its header says.
///
/// @param label the model's name, if it can be told
/// @param textWidth of the hidden states that the U-Net's layers look at, if it changes such
record LoraFamily(Optional<String> label, OptionalLong textWidth) {
  private static final Pattern FLUX =
      Pattern.compile("(.*_)?(double_blocks|single_blocks|single_transformer_blocks)_\\d+_.*");
  private static final Pattern TO_TEXT = Pattern.compile(".*_attn2(_processor)?_to_[kv]");

  static LoraFamily of(LoraFile file) {
    if (any(file, layer -> FLUX.matcher(layer.path()).matches())) {
      return other("FLUX");
    }
    if (any(file, layer -> layer.path().contains("joint_blocks"))) {
      return other("Stable Diffusion 3");
    }
    if (any(file, layer -> layer.part() == LoraPart.FOREIGN)) {
      return other("a transformer (Stable Diffusion 3 or another)");
    }
    OptionalLong width =
        file.layers().stream()
            .filter(layer -> layer.part() == LoraPart.UNET)
            .filter(layer -> TO_TEXT.matcher(layer.path()).matches())
            .flatMap(layer -> LoraShape.of(layer).stream())
            .mapToLong(LoraShape::in)
            .findFirst();
    Optional<String> label =
        width.isPresent()
            ? Optional.of(ofWidth(width.getAsLong()))
            : stated(file).or(() -> ofTexts(file));
    return new LoraFamily(label, width);
  }

  private static LoraFamily other(String label) {
    return new LoraFamily(Optional.of(label), OptionalLong.empty());
  }

  private static boolean any(LoraFile file, Predicate<LoraLayer> test) {
    return file.layers().stream().anyMatch(test);
  }

  private static String ofWidth(long width) {
    Family family =
        switch ((int) width) {
          case 768 -> Family.SD_1;
          case 1024 -> Family.SD_2;
          case 2048 -> Family.SD_XL;
          case 1280 -> Family.SD_XL_REFINER;
          default -> Family.OTHER;
        };
    return family.label();
  }

  private static Optional<String> stated(LoraFile file) {
    String base = file.metadata().getOrDefault("ss_base_model_version", "");
    String architecture = file.metadata().getOrDefault("modelspec.architecture", "");
    if (base.startsWith("sdxl") || architecture.startsWith("stable-diffusion-xl")) {
      return Optional.of(Family.SD_XL.label());
    }
    if (base.startsWith("sd_v2") || architecture.startsWith("stable-diffusion-v2")) {
      return Optional.of(Family.SD_2.label());
    }
    return base.startsWith("sd_v1") || architecture.startsWith("stable-diffusion-v1")
        ? Optional.of(Family.SD_1.label())
        : Optional.empty();
  }

  private static Optional<String> ofTexts(LoraFile file) {
    return any(file, layer -> layer.part() == LoraPart.TEXT_2)
        ? Optional.of(Family.SD_XL.label())
        : Optional.empty();
  }

  @Override
  public String toString() {
    return described(label.orElse("an unknown model"), textWidth);
  }

  /// A model's name and the width of its text.
  static String described(String label, OptionalLong textWidth) {
    return textWidth.isPresent()
        ? "%s (text of width %d)".formatted(label, textWidth.getAsLong())
        : label;
  }
}
