package dev.latente.cli;

import dev.latente.pipeline.NoiseOptions;
import dev.latente.pipeline.PixelSize;
import dev.latente.tensor.NoiseSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/// What noise a seed stands for.
///
/// Filled in by the command line; not thread-safe.
final class NoiseMixin {
  /// Seeds are drawn below this: PyTorch's generator sees no more of them.
  static final long SEEDS = 1L << 32;

  @Option(names = "--rng", paramLabel = "torch|philox", descriptionKey = "rng")
  private NoiseSource source = NoiseSource.CPU;

  @Option(names = "--subseed", paramLabel = "N", descriptionKey = "subseed")
  private Optional<Long> subseed = Optional.empty();

  @Option(names = "--subseed-strength", paramLabel = "X", descriptionKey = "subseed-strength")
  private double strength;

  @Option(names = "--seed-resize", paramLabel = "WxH", descriptionKey = "seed-resize")
  private Optional<PictureSize> drawnFor = Optional.empty();

  @Option(names = "--eta-seed", paramLabel = "N", descriptionKey = "eta-seed")
  private long stepOffset;

  /// The options asked for.
  ///
  /// @throws IllegalArgumentException if a number is out of range
  NoiseOptions options() {
    NoiseOptions options = NoiseOptions.plain().withSource(source).withStepOffset(stepOffset);
    if (subseed.isPresent() && strength == 0) {
      throw new IllegalArgumentException(
          "--subseed needs a --subseed-strength above 0: " + subseed.get());
    }
    if (strength != 0) {
      long seed = subseed.orElseGet(() -> ThreadLocalRandom.current().nextLong(SEEDS));
      subseed = Optional.of(seed); // the same when asked again
      options = options.withVariation(seed, strength);
    }
    return drawnFor.isPresent()
        ? options.withDrawnFor(new PixelSize(drawnFor.get().width(), drawnFor.get().height()))
        : options;
  }
}
