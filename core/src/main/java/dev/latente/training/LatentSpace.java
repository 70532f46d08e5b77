package dev.latente.training;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Autoencoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Latents of a folder's pictures, encoded once and kept in a file.
///
/// @param autoencoder between pictures and latents
/// @param latents of all pictures, scaled, `[N, C, H, W]`
record LatentSpace(Autoencoder autoencoder, Tensor latents) implements SampleSpace {
  private static final int AT_ONCE = 16;
  private static final String NAME = "latents";
  private static final String SOURCE = "source";

  /// Reads the latents in `file`, or encodes all pictures and writes it.
  ///
  /// @param source what the latents depend on; a file of another source is refused
  /// @param progress told how many pictures are done
  static LatentSpace open(
      Autoencoder autoencoder, Batches batches, Path file, String source, IntConsumer progress)
      throws IOException {
    if (!Files.exists(file)) {
      encode(autoencoder, batches, file, source, progress);
    }
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      String found = stored.metadata().getOrDefault(SOURCE, "");
      if (!found.equals(source)) {
        throw new IllegalArgumentException(
            "%s holds latents of \"%s\", needed \"%s\"; remove it to encode anew"
                .formatted(file, found, source));
      }
      try (Scope _ = Scope.open()) {
        return new LatentSpace(autoencoder, stored.read(NAME, Precision.F32).retain());
      }
    }
  }

  private static void encode(
      Autoencoder autoencoder, Batches batches, Path file, String source, IntConsumer progress)
      throws IOException {
    int count = batches.folder().size();
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < count; i += AT_ONCE) {
      int[] indices = IntStream.range(i, Math.min(count, i + AT_ONCE)).toArray();
      try (Scope _ = Scope.open()) {
        parts.add(autoencoder.encode(batches.at(indices)).detached().retain());
      }
      progress.accept(i + indices.length);
    }
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .metadata(SOURCE, source)
          .add(NAME, Tensor.concat(0, parts.toArray(Tensor[]::new)), ElementType.F16)
          .write(file);
    }
    parts.forEach(Tensor::release);
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
