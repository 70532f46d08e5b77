package dev.latente.model;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.nn.Weights;
import dev.latente.tensor.Precision;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.Codec;
import dev.latente.vae.CodecConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Untrained models of the published sizes, to measure with: what they draw is noise, but takes as
/// long and as much memory.
public enum RandomModel {
  /// Stable Diffusion 1.5: 860 million weights in the U-Net, pictures of 512×512.
  SD15(Architecture.SD_1),
  /// Stable Diffusion 2.1: 866 million, 768×768.
  SD21(Architecture.SD_2),
  /// Stable Diffusion XL: 2567 million, 1024×1024.
  SDXL(Architecture.SD_XL);

  private final Architecture architecture;

  RandomModel(Architecture architecture) {
    this.architecture = architecture;
  }

  /// The model called `name`, whatever the case.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static RandomModel named(String name) {
    for (RandomModel model : values()) {
      if (model.label().equals(name.toLowerCase(Locale.ROOT))) {
        return model;
      }
    }
    String known =
        Arrays.stream(values()).map(RandomModel::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown model '%s'; known: %s".formatted(name, known));
  }

  /// The name users write, such as `sd15`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The side of the pictures that the model is made for, in pixels.
  public int side() {
    return architecture.unet().sampleSize() * architecture.vae().downscale();
  }

  /// The size of its weights in f16, in bytes.
  public long bytes() {
    return switch (this) {
      case SD15 -> 2_132_000_000L;
      case SD21 -> 2_580_000_000L;
      case SDXL -> 6_938_000_000L;
    };
  }

  /// The model, its weights as if stored in `precision`.
  ///
  /// @param tokenizer the folder of any CLIP tokenizer of at most 49408 tokens
  public Checkpoint open(Path tokenizer, Precision precision) {
    UNetConfig unet = architecture.unet();
    CodecConfig vae = architecture.vae();
    return new Checkpoint(
        Path.of("random-" + label()),
        new Part<>(unet, source(precision, "U-Net", at -> UNet.of(at, unet))),
        Optional.of(new Part<>(vae, source(precision, "autoencoder", at -> Codec.of(at, vae)))),
        architecture.texts().stream().map(text -> text(text, tokenizer, precision)).toList(),
        SchedulerJson.read(new ConfigReader(label(), architecture.scheduler())),
        true,
        this == SDXL,
        false,
        Optional.empty(),
        List.of());
  }

  private TextEncoderPart text(ClipTextConfig published, Path tokenizer, Precision precision) {
    ClipTextConfig config = // the tokenizer's end token is not the published one
        published.withVocabulary(published.vocabSize(), ClipTextConfig.GREATEST_ID);
    return new TextEncoderPart(
        config,
        source(precision, "text encoder", at -> ClipTextEncoder.of(at, config)),
        Optional.of(tokenizer));
  }

  private RandomSource source(Precision precision, String what, Consumer<Weights> build) {
    return RandomSource.of("%s of a random %s".formatted(what, label()), precision, build);
  }
}
