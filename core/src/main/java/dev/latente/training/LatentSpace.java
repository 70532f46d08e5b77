package dev.latente.training;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Autoencoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// Latents of a folder's pictures, encoded once and kept in a file.
///
/// @param autoencoder between pictures and latents
/// @param latents of all pictures, scaled, `[N, C, H, W]`
record LatentSpace(Autoencoder autoencoder, Tensor latents) implements SampleSpace {
  private static final int AT_ONCE = 16;
  private static final String NAME = "latents";

  /// Reads the latents in `file`, or encodes all pictures and writes it.
  ///
  /// @param source what the latents depend on; a file of another source is refused
  /// @param progress told how many pictures are done
  static LatentSpace open(
      Autoencoder autoencoder, Batches batches, Path file, String source, IntConsumer progress)
      throws IOException {
    KeptTensor kept = new KeptTensor(file, NAME, source, ElementType.F16);
    int count = batches.folder().size();
    return new LatentSpace(
        autoencoder,
        kept.open(count, AT_ONCE, indices -> autoencoder.encode(batches.at(indices)), progress));
  }

  @Override
  public Tensor clean(int... indices) {
    long[] rows = Arrays.stream(indices).asLongStream().toArray();
    return latents.select(0, Tensor.of(rows, rows.length));
  }

  @Override
  public Tensor pictures(Tensor samples) {
    return autoencoder.decode(samples);
  }

  @Override
  public String description() {
    return "latents " + Arrays.toString(latents.shape());
  }
}
