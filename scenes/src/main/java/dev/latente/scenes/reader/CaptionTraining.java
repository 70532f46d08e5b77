package dev.latente.scenes.reader;

import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolder;
import dev.latente.model.DiffusersFolderWriter;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.world.Scene;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.training.Seeds;
import dev.latente.training.TrainingListener;
import dev.latente.training.TrainingLoop;
import dev.latente.training.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Trains a model's text encoder on captions alone, before or between trainings of its U-Net.
///
/// A text encoder that learns from a U-Net's errors only learns slowly which colour belongs to
/// which thing: most of the error is sky and ground. Here it is asked directly, and shown tens of
/// thousands of captions a minute.
///
/// @param model folder of the model whose text encoder and tokenizer are taken
/// @param plan how long and how
public record CaptionTraining(Path model, TrainingPlan plan) {
  private static final long FRESH = -1; // seed of scenes that no step draws

  /// The share of captions from which a topic is told right.
  ///
  /// @param topic such as `ground` or `left.colour`
  /// @param right 0 to 1
  public record Told(String topic, double right) {}

  /// What came of a training.
  ///
  /// @param finished whether the end was reached; if not, the same call goes on
  /// @param told of complete captions of held-out scenes
  public record Outcome(boolean finished, List<Told> told) {
    public Outcome {
      told = List.copyOf(told);
    }
  }

  /// Trains, keeping its state in `folder`, and writes the whole model with the new text encoder to
  /// `folder/model`.
  ///
  /// @param tested how many captions are read at the end, positive
  /// @throws ModelFormatException if it is not a model of one text encoder and its tokenizer
  public Outcome run(Path folder, int tested, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    try (Checkpoint checkpoint = DiffusersFolder.open(model, Precision.F32);
        Scope _ = Scope.open()) {
      Checkpoint.TextEncoderPart part = textEncoder(checkpoint);
      ClipTokenizer tokenizer = ClipTokenizer.load(model.resolve("tokenizer"));
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      ClipTextEncoder encoder = ClipTextEncoder.of(Weights.of(weights), part.config());
      weights.finish(_ -> false);
      FreshWeights readerWeights = new FreshWeights(RandomNoise.seeded(plan.seed()));
      List<Topic> topics = Topic.all();
      CaptionReader reader =
          CaptionReader.of(Weights.of(readerWeights), part.config().hiddenSize(), topics);
      Map<String, Tensor> all = new LinkedHashMap<>();
      weights.tensors().forEach((name, tensor) -> all.put("text_encoder." + name, tensor));
      readerWeights.tensors().forEach((name, tensor) -> all.put("reader." + name, tensor));
      TrainingLoop loop =
          new TrainingLoop(
              plan,
              all,
              folder.resolve("checkpoint.safetensors"),
              "captions %s batch %d seed %d".formatted(part.config(), plan.batch(), plan.seed()));
      CaptionObjective objective =
          new CaptionObjective(encoder, reader, tokenizer, topics, plan.batch(), plan.seed());
      boolean finished = loop.run(objective, listener);
      List<Told> told = new ArrayList<>();
      loop.withAverage(() -> {
        told.addAll(test(objective, tested));
        write(folder.resolve("model"), part, weights.tensors());
      });
      return new Outcome(finished, told);
    }
  }

  private static Checkpoint.TextEncoderPart textEncoder(Checkpoint checkpoint) {
    if (checkpoint.textEncoders().size() != 1) {
      throw new ModelFormatException(
          "%s: training on captions needs a model with one text encoder: found %d"
              .formatted(checkpoint.origin(), checkpoint.textEncoders().size()));
    }
    return checkpoint.textEncoders().getFirst();
  }

  /// How often each topic is told right from complete captions of held-out scenes.
  private List<Told> test(CaptionObjective objective, int count) {
    SplittableRandom random = Seeds.random(plan.seed(), FRESH, 0);
    List<Scene> scenes = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Scene scene = Scene.heldOut(random.nextLong());
      Language language = Language.values()[i % Language.values().length];
      scenes.add(scene);
      captions.add(Captions.complete(scene, language, random).text());
    }
    try (Scope _ = Scope.open()) {
      Tensor hidden = objective.encoder().encode(objective.ids(captions));
      List<Tensor> scores = objective.reader().forward(hidden);
      List<Told> told = new ArrayList<>();
      for (int t = 0; t < scores.size(); t++) {
        Topic topic = objective.topics().get(t);
        long[] answers = scores.get(t).detached().argmax(1).toLongArray();
        int right = 0;
        for (int i = 0; i < count; i++) {
          right += answers[i] == topic.answer().applyAsInt(scenes.get(i)) ? 1 : 0;
        }
        told.add(new Told(topic.name(), (double) right / count));
      }
      return told;
    }
  }

  /// Writes a copy of the model with other weights in its text encoder.
  private void write(Path target, Checkpoint.TextEncoderPart part, Map<String, Tensor> weights) {
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(model.relativize(file).toString());
        Files.createDirectories(Optional.ofNullable(copy.getParent()).orElse(target));
        if (!file.startsWith(model.resolve("text_encoder"))) {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      new DiffusersFolderWriter(target, ElementType.F16).textEncoder(part.config(), weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
