package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the weights of one component of a diffusers folder.
final class WeightFiles {
  private WeightFiles() {}

  /// Opens the weights in `folder` whose variant is nearest to `wanted`.
  ///
  /// @param stem `diffusion_pytorch_model`, or `model` for text encoders
  /// @throws ModelFormatException if there are none that can be read
  static CheckpointSource open(Path folder, String stem, Precision wanted) throws IOException {
    Optional<Path> partly = Optional.empty();
    for (String variant : variants(wanted)) {
      Path whole = folder.resolve(stem + variant + ".safetensors");
      if (Files.exists(whole)) {
        return SafetensorsFile.open(whole);
      }
      // diffusers and transformers put the variant of an index in two places
      for (String index :
          List.of(
              stem + variant + ".safetensors.index.json",
              stem + ".safetensors.index" + variant + ".json")) {
        Path path = folder.resolve(index);
        if (Files.exists(path) && ShardedSource.isWhole(path)) {
          return ShardedSource.open(path);
        }
        partly = partly.or(() -> Optional.of(path).filter(Files::exists));
      }
    }
    if (partly.isPresent()) { // only after all others: a hub's cache may have the index alone
      return ShardedSource.open(partly.get());
    }
    for (String variant : variants(wanted)) {
      Path pickled = folder.resolve(pickledStem(stem) + variant + ".bin");
      if (Files.exists(pickled)) {
        return TorchFile.open(pickled);
      }
    }
    throw new ModelFormatException(
        "%s: expected %s.safetensors, found %s".formatted(folder, stem, found(folder)));
  }

  /// The variants' suffixes, the best first: f16 files serve f32 and bf16, but only if need be.
  private static List<String> variants(Precision wanted) {
    return switch (wanted) {
      case F32 -> List.of("", ".fp16", ".bf16");
      case F16 -> List.of(".fp16", "", ".bf16");
      case BF16 -> List.of(".bf16", "", ".fp16");
    };
  }

  /// transformers gives its PyTorch files another name than its safetensors files.
  private static String pickledStem(String stem) {
    return stem.equals(DiffusersFolder.TEXT_WEIGHTS) ? "pytorch_model" : stem;
  }

  private static String found(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return "no such folder";
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.sorted().map(WeightFiles::told).forEach(names::add);
    }
    return names.isEmpty() ? "an empty folder" : String.join(", ", names);
  }

  private static String told(Path file) {
    return file.getFileName() + (Files.exists(file) ? "" : " (a link to nothing)");
  }
}
