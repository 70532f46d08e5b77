package dev.latente.training;

import dev.latente.model.VisionFolderWriter;
import dev.latente.nn.ClipActivation;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.vision.ClipVisionConfig;
import dev.latente.vision.ClipVisionEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;

/// Trains a small CLIP vision encoder for a model: it learns to tell which caption, as the model's
/// own text encoder reads it, belongs to which picture.
///
/// @param model folder of the model whose text encoder and tokenizer are taken; it stays as it is
/// @param size side of the pictures it sees, in pixels, a multiple of 16
/// @param plan how long and how; larger batches teach more, as captions are told apart within one
public record ImageEncoderTraining(Path model, int size, TrainingPlan plan) {
  private static final int PATCH = 16;
  private static final int WIDTH = 128;
  private static final int LAYERS = 4;
  private static final int TESTED = 10; // batches
  private static final String LOG_SCALE = "logit_scale";

  public ImageEncoderTraining {
    if (size <= 0 || size % PATCH != 0) {
      throw new IllegalArgumentException("size must be a positive multiple of 16: " + size);
    }
    if (plan.batch() < 2) {
      throw new IllegalArgumentException(
          "captions are told apart within a batch, which must be 2 or more: " + plan.batch());
    }
  }

  /// What came of a training.
  ///
  /// @param finished whether the end was reached; if not, the same call goes on
  /// @param matched the share of pictures, 0 to 1, whose own caption goes best with them among
  ///   those of a batch
  public record Outcome(boolean finished, double matched) {}

  /// The sizes of the network: 0.9 million weights.
  ClipVisionConfig config() {
    return new ClipVisionConfig(
        WIDTH, 4 * WIDTH, LAYERS, 4, size, PATCH, ClipActivation.QUICK_GELU, 1e-5, WIDTH);
  }

  /// Trains on `data`, keeping its state in `folder`, and writes the encoder to
  /// `folder/image_encoder`.
  ///
  /// @throws dev.latente.nn.ModelFormatException if it is not a model of one text encoder
  public Outcome run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    ClipTokenizer tokenizer = TrainedFolder.tokenizer(model, folder.resolve("tokenizer"));
    DiffusionNetworks base = DiffusionNetworks.stored(model);
    ClipVisionConfig config = config();
    FreshWeights weights = new FreshWeights(RandomNoise.seeded(plan.seed()));
    FreshWeights headWeights = new FreshWeights(RandomNoise.seeded(plan.seed() + 1));
    ContrastiveObjective objective =
        new ContrastiveObjective(
            ClipVisionEncoder.of(Weights.of(weights), config),
            CaptionHead.of(
                Weights.of(headWeights),
                base.textEncoder().config().hiddenSize(),
                config.projectionDim()),
            headWeights.tensor(
                LOG_SCALE,
                (_, shape) -> Tensor.full(ContrastiveObjective.FIRST_LOG_SCALE, shape),
                1),
            base.textEncoder(),
            new Captions(tokenizer),
            new VisionInput(new Batches(data, size)),
            plan.batch(),
            plan.seed());
    Map<String, Tensor> all = new LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> all.put("image_encoder." + name, tensor));
    headWeights.tensors().forEach((name, tensor) -> all.put("captions." + name, tensor));
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            all,
            folder.resolve("checkpoint.safetensors"),
            "image encoder %s of %d pictures batch %d seed %d"
                .formatted(config, data.size(), plan.batch(), plan.seed()));
    boolean finished = loop.run(objective, listener);
    DoubleAdder matched = new DoubleAdder(); // from inside the averaged weights
    loop.withAverage(() -> {
      matched.add(matched(objective));
      write(folder.resolve("image_encoder"), config, weights);
    });
    return new Outcome(finished, matched.sum());
  }

  private double matched(ContrastiveObjective objective) {
    int right = 0;
    for (int n = 0; n < TESTED; n++) {
      try (Scope _ = Scope.open()) {
        long[] best = objective.scores(plan.steps() + n).detached().argmax(1).toLongArray();
        for (int i = 0; i < best.length; i++) {
          right += best[i] == i ? 1 : 0;
        }
      }
    }
    return (double) right / (TESTED * plan.batch());
  }

  private static void write(Path folder, ClipVisionConfig config, FreshWeights weights) {
    try {
      VisionFolderWriter.write(folder, config, weights.tensors(), ElementType.F16);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
