package dev.latente.model;

import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;

/// What a model is: its family and what its input is beside the text.
public record ModelKind(Family family, Task task) {

  /// The family a U-Net belongs to, by its width and conditioning.
  public enum Family {
    SD_1("Stable Diffusion 1"),
    SD_2("Stable Diffusion 2"),
    SD_XL("Stable Diffusion XL"),
    SD_XL_REFINER("Stable Diffusion XL refiner"),
    /// A U-Net of other sizes, such as a small one.
    OTHER("Stable Diffusion of its own size");

    private final String label;

    Family(String label) {
      this.label = label;
    }

    /// The name people know.
    public String label() {
      return label;
    }
  }

  /// What a U-Net sees beside the noisy latents.
  public enum Task {
    TEXT_TO_IMAGE("text to image", "nothing but text"),
    /// A mask and the latents of the masked picture.
    INPAINT("inpainting", "a picture and a mask of what to repaint"),
    /// A depth map.
    DEPTH("depth to image", "a depth map, or a picture to take it from"),
    /// The latents of the picture to change.
    INSTRUCT("change by instruction", "the picture to change"),
    /// The small picture itself.
    UPSCALE("upscaling by 4", "the small picture");

    private final String label;
    private final String needs;

    Task(String label, String needs) {
      this.label = label;
      this.needs = needs;
    }

    /// What it does, in words.
    public String label() {
      return label;
    }

    /// What it has to be given beside the text, in words.
    public String needs() {
      return needs;
    }
  }

  /// The kind of a U-Net of these sizes.
  public static ModelKind of(UNetConfig config) {
    return new ModelKind(family(config), task(config));
  }

  private static Family family(UNetConfig config) {
    return switch (config.additionEmbed()) {
      case AdditionEmbed.TextTime _ ->
          switch (config.crossAttentionDim()) {
            case 2048 -> Family.SD_XL;
            case 1280 -> Family.SD_XL_REFINER;
            default -> Family.OTHER;
          };
      case AdditionEmbed.None _, AdditionEmbed.Picture _ ->
          switch (config.crossAttentionDim()) {
            case 768 -> Family.SD_1;
            case 1024 -> Family.SD_2;
            default -> Family.OTHER;
          };
    };
  }

  private static Task task(UNetConfig config) {
    int latents = config.outChannels();
    int extra = config.inChannels() - latents;
    if (config.numClassEmbeds().isPresent()) {
      return Task.UPSCALE;
    }
    if (extra == latents + 1) {
      return Task.INPAINT;
    }
    if (extra == 1) {
      return Task.DEPTH;
    }
    return extra == latents ? Task.INSTRUCT : Task.TEXT_TO_IMAGE;
  }

  @Override
  public String toString() {
    return family.label() + ", " + task.label();
  }
}
