package dev.latente.model;

import dev.latente.depth.DepthConfig;
import dev.latente.depth.DepthInput;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A depth estimator's files, opened and understood, but not yet read.
///
/// @param origin the folder
/// @param config its sizes
/// @param input what it is shown
/// @param weights under the names its layers ask for
public record DepthCheckpoint(
    Path origin, DepthConfig config, DepthInput input, CheckpointSource weights)
    implements AutoCloseable {
  /// Where a model's folder keeps its own estimator, and how it is shown pictures.
  private static final String IN_MODEL = "depth_estimator";

  private static final String INPUT_IN_MODEL = "feature_extractor";

  /// Whether the model in `folder` brings an estimator of its own.
  public static boolean isIn(Path folder) {
    return Files.isDirectory(folder.resolve(IN_MODEL));
  }

  /// Opens an estimator.
  ///
  /// @param folder as transformers writes it, or of a model that brings one
  /// @throws ModelFormatException if it is not one that can be read
  public static DepthCheckpoint open(Path folder) throws IOException {
    boolean whole = isIn(folder);
    Path own = whole ? folder.resolve(IN_MODEL) : folder;
    Path config = own.resolve("config.json");
    if (!Files.exists(config)) {
      throw new ModelFormatException(
          "%s: expected the folder of a depth estimator with config.json, found %s"
              .formatted(folder, Files.exists(folder) ? "none" : "no such folder"));
    }
    DepthConfig sizes = DepthJson.read(new ConfigReader(config.toString(), Json.read(config)));
    DepthInput input = input(List.of(own, folder.resolve(INPUT_IN_MODEL)), own);
    CheckpointSource stored = WeightFiles.open(own, DiffusersFolder.TEXT_WEIGHTS, Precision.F32);
    try {
      return new DepthCheckpoint(folder, sizes, input, RenamedSource.of(stored, DepthNames.ALL));
    } catch (RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  private static DepthInput input(List<Path> folders, Path own) throws IOException {
    for (Path folder : folders) {
      Path file = folder.resolve(DepthInputJson.FILE);
      if (Files.exists(file)) {
        return DepthInputJson.read(new ConfigReader(file.toString(), Json.read(file)));
      }
    }
    throw new ModelFormatException(
        "%s: expected %s beside the weights, found none".formatted(own, DepthInputJson.FILE));
  }

  /// Closes the files.
  @Override
  public void close() {
    weights.close();
  }
}
