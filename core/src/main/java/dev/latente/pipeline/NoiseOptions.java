package dev.latente.pipeline;

import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseRecipe.Extent;
import dev.latente.tensor.NoiseRecipe.Variation;
import dev.latente.tensor.NoiseSource;
import java.util.Optional;

/// How the noise is drawn that a seed stands for.
///
/// @param source whose random numbers
/// @param variation noise of another seed to mix in; with a strength above 0, each further picture
///   has the same seed and the next variation
/// @param drawnFor the size of picture that the noise is drawn for, if not the one asked for; the
///   rest is filled up around it
/// @param stepOffset added to the seed for the noise that samplers add as they go; with 0 they draw
///   on from the first stream
public record NoiseOptions(
    NoiseSource source,
    Optional<Variation> variation,
    Optional<PixelSize> drawnFor,
    long stepOffset) {

  /// PyTorch's numbers on the processor, and nothing else.
  public static NoiseOptions plain() {
    return new NoiseOptions(NoiseSource.CPU, Optional.empty(), Optional.empty(), 0);
  }

  /// The same with the numbers of `other`.
  public NoiseOptions withSource(NoiseSource other) {
    return new NoiseOptions(other, variation, drawnFor, stepOffset);
  }

  /// The same with a `strength` of 0 to 1 of the noise of `seed` mixed in.
  public NoiseOptions withVariation(long seed, double strength) {
    return new NoiseOptions(
        source, Optional.of(new Variation(seed, strength)), drawnFor, stepOffset);
  }

  /// The same with noise drawn for pictures of `size`.
  public NoiseOptions withDrawnFor(PixelSize size) {
    return new NoiseOptions(source, variation, Optional.of(size), stepOffset);
  }

  /// The same with another seed for the noise of the steps: A1111's "eta noise seed delta".
  public NoiseOptions withStepOffset(long offset) {
    return new NoiseOptions(source, variation, drawnFor, offset);
  }

  /// Whether pictures differ by their variation and not by their seed.
  boolean varies() {
    return variation.filter(other -> other.strength() > 0).isPresent();
  }

  /// These options for the picture `index`, counted from 0.
  NoiseOptions picture(int index) {
    return varies()
        ? withVariation(variation.orElseThrow().seed() + index, variation.orElseThrow().strength())
        : this;
  }

  /// The noise of one picture.
  ///
  /// @param downscale pixels along each side of an element
  NoiseRecipe recipe(long seed, int downscale) {
    return new NoiseRecipe(
        source,
        seed,
        variation,
        drawnFor.map(size ->
            new Extent(
                Math.max(1, size.width() / downscale), Math.max(1, size.height() / downscale))),
        stepOffset);
  }
}
