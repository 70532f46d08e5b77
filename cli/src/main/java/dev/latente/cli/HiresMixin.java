package dev.latente.cli;

import dev.latente.pipeline.HiresOptions;
import dev.latente.pipeline.HiresUpscaler;
import java.util.Optional;
import java.util.function.DoubleFunction;
import picocli.CommandLine.Option;

/// A second pass at a larger size.
///
/// Filled in by the command line; not thread-safe.
final class HiresMixin {
  @Option(names = "--hires", paramLabel = "SCALE", descriptionKey = "hires")
  private Optional<Double> scale = Optional.empty();

  @Option(names = "--hires-upscaler", paramLabel = "NAME", descriptionKey = "hires-upscaler")
  private Optional<String> upscaler = Optional.empty();

  @Option(names = "--hires-strength", paramLabel = "X", descriptionKey = "hires-strength")
  private Optional<Double> strength = Optional.empty();

  @Option(names = "--hires-steps", paramLabel = "N", descriptionKey = "hires-steps")
  private Optional<Integer> steps = Optional.empty();

  /// What was asked for.
  ///
  /// @param usual a second pass at a scale, where no more was asked for
  /// @throws IllegalArgumentException if the options do not go together, or one is out of range
  Optional<HiresOptions> options(DoubleFunction<HiresOptions> usual) {
    if (scale.isEmpty()) {
      requireAlone("--hires-upscaler", upscaler.isPresent());
      requireAlone("--hires-strength", strength.isPresent());
      requireAlone("--hires-steps", steps.isPresent());
      return Optional.empty();
    }
    HiresOptions options = usual.apply(scale.get());
    if (upscaler.isPresent()) {
      options = options.withUpscaler(HiresUpscaler.named(upscaler.get()));
    }
    if (strength.isPresent()) {
      options = options.withStrength(strength.get());
    }
    return Optional.of(steps.isPresent() ? options.withSteps(steps.get()) : options);
  }

  private static void requireAlone(String option, boolean given) {
    if (given) {
      throw new IllegalArgumentException(option + " needs a second pass: --hires SCALE");
    }
  }
}
