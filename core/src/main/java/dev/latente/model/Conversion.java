package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Writes a model in another form: as a folder, as a single file in the original naming, or as a
/// GGUF file as stable-diffusion.cpp reads it. One tensor is in memory at a time.
///
/// @param from the model, in any form that can be read
/// @param to where to write; nothing may be there
/// @param precision of the weights; if none, that of the files, and half precision for what is
///   quantised there
/// @param vocabulary a folder with `vocab.json` and `merges.txt`, for a folder made of a file
public record Conversion(
    Path from,
    Path to,
    Layout layout,
    Optional<Precision> precision,
    Optional<Quantisation> quantisation,
    Optional<Path> vocabulary) {

  private static final int CLIP_TOKENS = 49408;

  /// The form to write.
  public enum Layout {
    FOLDER,
    SAFETENSORS,
    GGUF
  }

  /// Told how far a conversion is; may throw to stop it.
  @FunctionalInterface
  public interface Listener {
    /// Called for each tensor.
    ///
    /// @param done bytes written
    /// @param total bytes to write
    void at(long done, long total);
  }

  public Conversion {
    if (quantisation.isPresent() && layout != Layout.GGUF) {
      throw new IllegalArgumentException(
          "a quantisation needs a GGUF file to write: %s".formatted(quantisation.get().label()));
    }
  }

  /// Does it.
  ///
  /// @throws ModelFormatException if the model cannot be read, or has parts the form has no place
  ///   for
  public void run(Listener listener) throws IOException {
    if (Files.exists(to)) {
      throw new ModelFormatException(to + ": expected nothing there, found a file or folder");
    }
    if (Files.notExists(from)) {
      throw new ModelFormatException(from + ": no such file or folder");
    }
    switch (layout) {
      case FOLDER -> folder(listener);
      case SAFETENSORS, GGUF -> {
        try (Checkpoint model = open()) {
          Progress progress = new Progress(listener);
          if (layout == Layout.GGUF) {
            gguf(model, progress);
          } else {
            single(model, progress);
          }
        }
      }
    }
  }

  /// Whether the model in `folder` has another vocabulary than CLIP's, which every reader of single
  /// files knows.
  public static boolean hasOwnVocabulary(Path folder) throws IOException {
    Path config = folder.resolve("text_encoder").resolve("config.json");
    return Files.isRegularFile(config)
        && Json.read(config).path("vocab_size").asInt(CLIP_TOKENS) != CLIP_TOKENS;
  }

  private Checkpoint open() throws IOException {
    return Checkpoint.open(from, precision.orElse(Precision.F32));
  }

  private void folder(Listener listener) throws IOException {
    Path target = to.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(temporary);
      Progress progress = new Progress(listener);
      if (Files.isDirectory(from)) {
        new FolderCopy(from, temporary, precision).run(progress);
      } else {
        try (Checkpoint model = open()) {
          new FolderOfModel(temporary, precision, vocabulary).write(model, progress);
        }
      }
      Files.move(temporary, target);
    } finally {
      delete(temporary);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void single(Checkpoint model, Progress progress) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    about(model).forEach(writer::metadata);
    for (OriginalTensor tensor : OriginalLayout.of(model)) {
      ElementType type = precision.map(Precision::elementType).orElseGet(tensor::storedType);
      long bytes = Math.multiplyExact(count(tensor), (long) type.bytes());
      writer.add(
          tensor.name(), type, tensor.shape(), progress.telling(bytes, () -> tensor.bytes(type)));
    }
    writer.write(to);
  }

  private void gguf(Checkpoint model, Progress progress) throws IOException {
    GgufWriter writer = new GgufWriter();
    writer.metadata("general.architecture", ggufName(model));
    writer.metadata("general.quantization_version", 2);
    about(model).forEach(writer::metadata);
    for (OriginalTensor tensor : OriginalLayout.of(model)) {
      ElementType plain = precision.map(Precision::elementType).orElseGet(tensor::storedType);
      GgufType type = GgufTensors.type(tensor, plain, quantisation);
      long bytes = count(tensor) / type.blockSize() * type.blockBytes();
      writer.add(
          tensor.name(),
          type,
          tensor.shape(),
          progress.telling(bytes, () -> GgufTensors.bytes(tensor, type)));
    }
    writer.write(to);
  }

  private static long count(OriginalTensor tensor) {
    return LongStream.of(tensor.shape()).reduce(1, Math::multiplyExact);
  }

  /// What the file shall say about itself, in the terms of Stability's
  /// [ModelSpec](https://github.com/Stability-AI/ModelSpec) and in ours.
  private static Map<String, String> about(Checkpoint model) throws IOException {
    Map<String, String> metadata = new TreeMap<>();
    if (model.unet().weights().metadata().keySet().stream()
        .anyMatch(key -> key.startsWith("modelspec."))) {
      metadata.putAll(model.unet().weights().metadata());
      metadata.keySet().removeIf(key -> !key.startsWith("modelspec."));
    }
    metadata.put(ModelSizes.KEY, ModelSizes.of(model).write());
    ObjectNode advice = SamplingHints.read(model.origin()).write();
    if (!advice.isEmpty()) {
      metadata.put(SamplingHints.KEY, new String(Json.compact(advice), StandardCharsets.UTF_8));
    }
    metadata.put("modelspec.sai_model_spec", "1.0.0");
    if (model.predictionIsCertain()) {
      metadata.put(
          "modelspec.prediction_type",
          switch (model.scheduler().prediction()) {
            case EPSILON -> "epsilon";
            case V_PREDICTION -> "v";
            case SAMPLE -> "sample";
          });
    }
    return metadata;
  }

  private static String ggufName(Checkpoint model) {
    return switch (model.kind().family()) {
      case SD_1 -> "sd1";
      case SD_2 -> "sd2";
      case SD_XL, SD_XL_REFINER -> "sdxl";
      case OTHER -> "sd";
    };
  }

  /// Adds up what was written. Not thread-safe.
  static final class Progress {
    private final Listener listener;
    private long total = 0;
    private long done = 0;

    Progress(Listener listener) {
      this.listener = listener;
    }

    /// `content`, which is `bytes` long, and which tells the listener when it is asked for.
    Supplier<byte[]> telling(long bytes, Supplier<byte[]> content) {
      total += bytes;
      return () -> {
        listener.at(done, total);
        done += bytes;
        return content.get();
      };
    }
  }
}
