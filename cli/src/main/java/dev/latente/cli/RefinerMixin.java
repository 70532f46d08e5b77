package dev.latente.cli;

import dev.latente.pipeline.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/// A second model that ends what the first one began.
///
/// Filled in by the command line; not thread-safe.
final class RefinerMixin {
  /// diffusers' and Stability's advice for SDXL.
  private static final double USUAL = 0.8;

  @Option(names = "--refiner", paramLabel = "MODEL", descriptionKey = "refiner")
  private Optional<String> refiner = Optional.empty();

  @Option(names = "--refiner-at", paramLabel = "X", descriptionKey = "refiner-at")
  private Optional<Double> at = Optional.empty();

  /// `options`, with the refiner that was asked for.
  LoadOptions with(LoadOptions options, Session session) throws IOException {
    if (refiner.isEmpty()) {
      return options;
    }
    Path path = Models.find(refiner, session);
    return options.withRefiner(path);
  }

  /// When it goes on.
  ///
  /// @throws IllegalArgumentException if a time was named, but no refiner
  OptionalDouble at() {
    if (refiner.isEmpty() && at.isPresent()) {
      throw new IllegalArgumentException("--refiner-at needs a --refiner: " + at.get());
    }
    return refiner.isPresent() ? OptionalDouble.of(at.orElse(USUAL)) : OptionalDouble.empty();
  }
}
