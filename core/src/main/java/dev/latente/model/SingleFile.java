package dev.latente.model;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.CodecConfig;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A whole model in one file, in the naming of the original code.
final class SingleFile {
  private static final List<String> UNET = List.of("model.diffusion_model.");

  /// Where the text encoders are: SD 1 and 2 have one, XL two; the last names are
  /// stable-diffusion.cpp's.
  private static final List<List<String>> TEXTS =
      List.of(
          List.of(
              "cond_stage_model.transformer.",
              "cond_stage_model.model.",
              "conditioner.embedders.0.transformer.",
              "conditioner.embedders.0.model."),
          List.of(
              "conditioner.embedders.1.model.",
              "cond_stage_model.1.transformer.",
              "cond_stage_model.1.model."));

  private static final String FIRST_CONVOLUTION = UNET.getFirst() + "input_blocks.0.0.weight";

  private final CheckpointSource source;
  private final List<Renaming> renamings = new ArrayList<>();

  private SingleFile(CheckpointSource source) {
    this.source = source;
  }

  /// Opens the model in the file `path`.
  static Checkpoint open(Path path) throws IOException {
    CheckpointSource source = TensorFile.open(path);
    try {
      return read(source, path);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  /// Understands the model in `source`, which the checkpoint closes.
  static Checkpoint read(CheckpointSource source, Path path) {
    String stated = source.metadata().getOrDefault(ModelSizes.KEY, "");
    SingleFile file = new SingleFile(source);
    return stated.isEmpty()
        ? file.checkpoint(path, Detection.detect(source))
        : file.checkpoint(path, ModelSizes.read(source.origin(), stated));
  }

  /// Opens the model in the file `path`, whose sizes and scheduler are those of `like`.
  static Checkpoint openLike(Path path, Checkpoint like) throws IOException {
    CheckpointSource source = TensorFile.open(path);
    try {
      return new SingleFile(source).checkpoint(path, ModelSizes.of(like));
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private Checkpoint checkpoint(Path path, Architecture architecture) {
    UNetConfig unet =
        architecture.unet().toBuilder()
            .inChannels((int) source.shape(FIRST_CONVOLUTION)[1])
            .build();
    String prediction = prediction(architecture, unet.inChannels() != unet.outChannels());
    Part<CodecConfig> vae = vae(architecture.vae());
    return new Checkpoint(
        path,
        unet(unet),
        Optional.of(vae),
        texts(architecture.texts()),
        scheduler(architecture, prediction),
        architecture != Architecture.SD_2 || !prediction.isEmpty(),
        architecture == Architecture.SD_XL,
        architecture == Architecture.SD_XL_REFINER,
        LowResolution.published(unet),
        ignored());
  }

  private Checkpoint checkpoint(Path path, ModelSizes like) {
    return new Checkpoint(
        path,
        unet(like.unet()),
        Optional.of(vae(like.vae())),
        texts(like.texts()),
        like.scheduler(),
        like.predictionIsCertain(),
        like.emptyPromptIsZeros(),
        like.requiresAestheticsScore(),
        like.lowResolution().or(() -> LowResolution.published(like.unet())),
        ignored());
  }

  private Part<UNetConfig> unet(UNetConfig config) {
    return new Part<>(config, part("a U-Net", UNET, OriginalNames.unet(config)));
  }

  /// The autoencoder, of no tensors where the file has none: another one may stand for it.
  private Part<CodecConfig> vae(VaeConfig config) {
    Renaming renaming = OriginalNames.vae(config).under(VaeFile.PREFIXES);
    renamings.add(renaming);
    return new Part<>(config, RenamedSource.of(source, renaming));
  }

  private List<TextEncoderPart> texts(List<ClipTextConfig> configs) {
    List<TextEncoderPart> texts = new ArrayList<>();
    for (ClipTextConfig config : configs) {
      CheckpointSource text =
          part("a text encoder", TEXTS.get(texts.size()), OriginalNames.text(config));
      texts.add(new TextEncoderPart(config, text, Optional.empty()));
    }
    return texts;
  }

  private CheckpointSource part(String what, List<String> prefixes, Renaming names) {
    Renaming renaming = names.under(prefixes);
    RenamedSource part = RenamedSource.of(source, renaming);
    if (part.names().isEmpty()) {
      throw new ModelFormatException(
          "%s: expected %s (%s…), found none among %d tensors"
              .formatted(
                  source.origin(), what, String.join("… or ", prefixes), source.names().size()));
    }
    renamings.add(renaming);
    return part;
  }

  private SchedulerConfig scheduler(Architecture architecture, String prediction) {
    ObjectNode settings = architecture.scheduler();
    if (!prediction.isEmpty()) {
      settings.put("prediction_type", prediction);
    }
    if (source.names().contains("ztsnr")) {
      settings.put("rescale_betas_zero_snr", true).put("timestep_spacing", "trailing");
    }
    return SchedulerJson.read(new ConfigReader(source.origin(), settings));
  }

  /// The prediction type, if something tells it apart from the architecture's usual one; else
  /// empty.
  ///
  /// Fine-tuned models have a tensor named `v_pred`, or say it in the metadata of Stability's
  /// [ModelSpec](https://github.com/Stability-AI/ModelSpec). Of the published SD 2 only the one of
  /// 768 pixels estimates `v`; that of 512 has the very same names, those with more input estimate
  /// `eps`.
  private String prediction(Architecture architecture, boolean conditioned) {
    String stated = source.metadata().getOrDefault("modelspec.prediction_type", "");
    if (source.names().contains("v_pred") || stated.equals("v")) {
      return "v_prediction";
    }
    boolean eps = stated.equals("epsilon") || (architecture == Architecture.SD_2 && conditioned);
    return eps ? "epsilon" : "";
  }

  private List<String> ignored() {
    return source.names().stream()
        .filter(name -> renamings.stream().allMatch(r -> r.targets(name).isEmpty()))
        .sorted()
        .toList();
  }
}
