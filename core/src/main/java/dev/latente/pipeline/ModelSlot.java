package dev.latente.pipeline;

import dev.latente.model.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/// A model's place in memory: the model is read when it is needed, and may be put away until it is
/// needed again. Thread-safe.
final class ModelSlot {
  private final Path path;
  private final LoadOptions options;
  private final Opening opening;
  private Optional<LoadedModel> model = Optional.empty();

  /// What opens a model's files.
  @FunctionalInterface
  interface Opening {
    Checkpoint open() throws IOException;
  }

  ModelSlot(Path path, LoadOptions options) {
    this(path, options, () -> ModelLoader.open(path, options));
  }

  ModelSlot(Path path, LoadOptions options, Opening opening) {
    this.path = path;
    this.options = options;
    this.opening = opening;
  }

  /// Where the model lies.
  Path path() {
    return path;
  }

  /// The model, which is read if it is not there.
  ///
  /// @throws UncheckedIOException if that fails
  /// @throws dev.latente.nn.ModelFormatException if it cannot be understood
  synchronized LoadedModel load() {
    if (model.isEmpty()) {
      try {
        model = Optional.of(ModelLoader.load(opening, options));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return model.get();
  }

  /// Frees the weights, if they are there; nobody may be using them.
  synchronized void release() {
    model.ifPresent(LoadedModel::release);
    model = Optional.empty();
  }
}
