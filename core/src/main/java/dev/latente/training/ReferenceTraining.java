package dev.latente.training;

import dev.latente.model.ReferenceModelWriter;
import dev.latente.model.VisionFolderWriter;
import dev.latente.model.VisionPart;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Init;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.CrossAttention;
import dev.latente.unet.ReferenceMaps;
import dev.latente.vision.ClipVisionConfig;
import dev.latente.vision.ClipVisionEncoder;
import dev.latente.vision.ImageProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Trains a reference model (IP-Adapter) for a model that stays as it is: it learns to take from a
/// picture what a caption leaves unsaid.
///
/// @param model folder of the model, whose autoencoder lies in its `vae`
/// @param encoder folder of the image encoder, which stays as it is too
/// @param plan how long and how
/// @param dropout share of captions, and of pictures, left out, 0 to 1; guidance needs some
/// @param focus which timesteps are drawn more often; its other parts must be neutral
public record ReferenceTraining(
    Path model, Path encoder, TrainingPlan plan, double dropout, Focus focus) {
  private static final int TOKENS = 4; // as the published models have

  public ReferenceTraining {
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new IllegalArgumentException("drop-out must be 0 to 1: " + dropout);
    }
    if (focus.gamma() != 0 || focus.things() != 1) {
      throw new IllegalArgumentException(
          "a reference model's loss has neither min-SNR nor a weight of things: %s, %s"
              .formatted(focus.gamma(), focus.things()));
    }
  }

  /// The weights that learn, and the parts built of them.
  ///
  /// @param projection from the vector of a picture to tokens
  /// @param maps from tokens to keys and values
  private record Learned(
      FreshWeights projectionWeights,
      FreshWeights mapWeights,
      ImageProjection.Whole projection,
      ReferenceMaps maps) {

    Map<String, Tensor> named() {
      Map<String, Tensor> all = new HashMap<>();
      projectionWeights.tensors().forEach((name, tensor) -> all.put("image_proj." + name, tensor));
      mapWeights.tensors().forEach((name, tensor) -> all.put("ip_adapter." + name, tensor));
      return all;
    }
  }

  /// Trains on `data`, keeping its state in `folder`, and writes `ip-adapter.safetensors` and
  /// `image_encoder` to `folder/ip-adapter`.
  ///
  /// @return whether the end was reached; if not, the model is that of the last step, and the same
  ///   call goes on
  /// @throws dev.latente.nn.ModelFormatException if one of both folders cannot be read
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    ClipTokenizer tokenizer = TrainedFolder.tokenizer(model, folder.resolve("tokenizer"));
    DiffusionNetworks base = DiffusionNetworks.stored(model);
    try (VisionPart vision = VisionPart.imageEncoder(encoder, Precision.F32)) {
      StoredWeights eyeWeights = new StoredWeights(vision.weights(), Device.CPU, Precision.F32);
      ClipVisionEncoder eye = ClipVisionEncoder.of(Weights.of(eyeWeights), vision.config());
      eyeWeights.finish(_ -> false);
      VisionInput input = new VisionInput(new Batches(data, vision.config().imageSize()));
      SampleSpace space =
          TrainedFolder.latents(model.resolve("vae"), base.unet().config(), data, folder, listener);
      SeenPictures seen =
          SeenPictures.open(
              eye,
              input,
              folder.resolve("embeddings.safetensors"),
              "%d pictures, %s".formatted(data.size(), encoder.toAbsolutePath().normalize()),
              listener);
      Learned learned = learned(base, vision.config());
      TrainingLoop loop =
          new TrainingLoop(
              plan,
              learned.named(),
              folder.resolve("checkpoint.safetensors"),
              "reference model for %s with %s of %s batch %d seed %d"
                  .formatted(
                      model.toAbsolutePath().normalize(),
                      encoder.toAbsolutePath().normalize(),
                      space.description(),
                      plan.batch(),
                      plan.seed()));
      Captions captions = new Captions(tokenizer);
      SchedulerConfig scheduler = TrainedFolder.scheduler(model);
      ReferencePairs pairs = ReferencePairs.of(data);
      ReferenceObjective objective =
          new ReferenceObjective(
              base.unet(),
              base.textEncoder(),
              learned.projection(),
              learned.maps(),
              captions,
              NoisyBatch.Maker.of(data, space, scheduler, focus, 0, plan),
              pairs,
              seen,
              dropout);
      ReferenceSheet sheet = new ReferenceSheet(objective, input, scheduler, space);
      boolean finished = loop.run(objective, () -> sheet.draw(plan.seed()), listener);
      Path target = folder.resolve("ip-adapter");
      loop.withAverage(() -> write(target, vision.config(), learned, eyeWeights));
      return finished;
    }
  }

  /// Keys begin as those of the text, values as zeros, so that nothing changes at first.
  private Learned learned(DiffusionNetworks base, ClipVisionConfig vision) {
    int context = base.unet().config().crossAttentionDim();
    FreshWeights projectionWeights = new FreshWeights(RandomNoise.seeded(plan.seed()));
    Map<String, Init> first = new HashMap<>();
    List<CrossAttention> attentions = base.unet().crossAttentions();
    for (int i = 0; i < attentions.size(); i++) {
      Tensor keys =
          Objects.requireNonNull(
              base.unetWeights().tensors().get(attentions.get(i).name() + ".to_k.weight"));
      first.put("%d.to_k_ip.weight".formatted(2 * i + 1), (_, _) -> keys.times(1));
      first.put("%d.to_v_ip.weight".formatted(2 * i + 1), Init.ZEROS);
    }
    FreshWeights mapWeights = new FreshWeights(RandomNoise.seeded(plan.seed()), first);
    return new Learned(
        projectionWeights,
        mapWeights,
        ImageProjection.Whole.of(
            Weights.of(projectionWeights), vision.projectionDim(), context, TOKENS),
        ReferenceMaps.of(Weights.of(mapWeights), attentions, context));
  }

  private static void write(
      Path folder, ClipVisionConfig vision, Learned learned, StoredWeights eyeWeights) {
    try {
      VisionFolderWriter.write(
          folder.resolve("image_encoder"), vision, eyeWeights.tensors(), ElementType.F16);
      ReferenceModelWriter.write(
          folder.resolve("ip-adapter.safetensors"),
          learned.projectionWeights().tensors(),
          learned.mapWeights().tensors(),
          ElementType.F16);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
