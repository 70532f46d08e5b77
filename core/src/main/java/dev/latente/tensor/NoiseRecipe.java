package dev.latente.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How the noise that a picture begins with is drawn, and that of its steps.
///
/// @param source whose random numbers
/// @param seed of the stream
/// @param variation noise of another seed to mix in
/// @param drawnFor the size, in latent pixels, that the noise is drawn for: it is put into the
///   middle of noise of the picture's own size, so that a seed's picture keeps its motif
/// @param stepOffset added to the seed for the noise of the steps; 0 goes on with the first stream
public record NoiseRecipe(
    NoiseSource source,
    long seed,
    Optional<Variation> variation,
    Optional<Extent> drawnFor,
    long stepOffset) {

  /// Noise of another seed.
  ///
  /// @param seed of the other noise
  /// @param strength from 0, none of it, to 1, only it
  public record Variation(long seed, double strength) {
    /// Checks the strength.
    public Variation {
      if (!(strength >= 0 && strength <= 1)) {
        throw new IllegalArgumentException(
            "variation strength must be between 0 and 1: " + strength);
      }
    }
  }

  /// A size in latent pixels.
  public record Extent(int width, int height) {
    /// Checks the size.
    public Extent {
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "noise must be drawn for a positive size: %d x %d".formatted(width, height));
      }
    }
  }

  /// What a picture begins with.
  ///
  /// @param noise standard normal, as the shape asked for
  /// @param steps the stream for the noise of the steps
  /// @param earlier noise of the same shape that was drawn before
  public record Start(Tensor noise, NoiseStream steps, List<Tensor> earlier) {}

  /// The plain noise of `seed`.
  public static NoiseRecipe of(NoiseSource source, long seed) {
    return new NoiseRecipe(source, seed, Optional.empty(), Optional.empty(), 0);
  }

  /// This with noise of another seed mixed in.
  public NoiseRecipe withVariation(long seed, double strength) {
    Variation variation = new Variation(seed, strength);
    return new NoiseRecipe(source, this.seed, Optional.of(variation), drawnFor, stepOffset);
  }

  /// This with noise drawn for another size.
  public NoiseRecipe withDrawnFor(int width, int height) {
    Extent extent = new Extent(width, height);
    return new NoiseRecipe(source, seed, variation, Optional.of(extent), stepOffset);
  }

  /// This with another seed for the noise of the steps: A1111's "eta noise seed delta".
  public NoiseRecipe withStepOffset(long offset) {
    return new NoiseRecipe(source, seed, variation, drawnFor, offset);
  }

  /// The recipe of the picture `index`, counted from 0: each has the next seed or, where variations
  /// are mixed in, the same seed and the next variation.
  public NoiseRecipe picture(int index) {
    return variation.isPresent() && variation.get().strength() > 0
        ? withVariation(variation.get().seed() + index, variation.get().strength())
        : new NoiseRecipe(source, seed + index, variation, drawnFor, stepOffset);
  }

  /// Draws the noise of one picture.
  ///
  /// @param shape `[1, C, H, W]`
  public Start start(long... shape) {
    return startAfter(0, shape);
  }

  /// As [#start], after `count` other draws, such as that of a start picture's latents. CUDA's
  /// numbers are not drawn for those: a seed's first noise is what others know it for; zeros stand
  /// in their place.
  ///
  /// @param shape `[1, C, H, W]`
  public Start startAfter(int count, long... shape) {
    if (shape.length != 4 || shape[0] != 1) {
      throw new IllegalArgumentException(
          "noise is drawn for one picture, [1, C, H, W]: " + Arrays.toString(shape));
    }
    NoiseStream stream = source.seeded(seed);
    List<Tensor> earlier = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      earlier.add(
          switch (source) {
            case CPU -> stream.normal(shape);
            case CUDA -> Tensor.full(0, shape);
          });
    }
    Tensor noise = stream.normal(shape);
    long[] drawn = drawnFor.map(size -> sized(shape, size)).orElse(shape);
    boolean resized = drawn[2] != shape[2] || drawn[3] != shape[3];
    Tensor motif = resized ? source.seeded(seed).normal(drawn) : noise;
    if (variation.isPresent() && variation.get().strength() > 0) {
      Tensor other = source.seeded(variation.get().seed()).normal(drawn);
      motif = NoiseMixing.between(motif, other, variation.get().strength());
    }
    Tensor first = resized ? NoiseMixing.centred(noise, motif) : motif;
    NoiseStream steps = stepOffset == 0 ? stream : source.seeded(seed + stepOffset);
    return new Start(first, steps, List.copyOf(earlier));
  }

  private static long[] sized(long[] shape, Extent size) {
    return new long[] {shape[0], shape[1], size.height(), size.width()};
  }
}
