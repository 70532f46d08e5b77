package dev.latente.testing;

import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Weights drawn from their names, as tools/reference/named_weights.py draws them, so that no
/// fixture has to hold them.
public final class NamedWeights {
  private NamedWeights() {}

  /// Writes the folder of a component as diffusers or transformers would.
  ///
  /// @param fixture its `.json` and `.tsv` without the ending
  /// @param stem of the weights' file
  public static Path write(Path folder, Path fixture, String stem) throws IOException {
    Files.createDirectories(folder);
    Files.copy(Path.of(fixture + ".json"), folder.resolve("config.json"));
    file(folder.resolve(stem + ".safetensors"), fixture, UnaryOperator.identity());
    return folder;
  }

  /// Writes the weights alone, under other names.
  public static Path file(Path file, Path fixture, UnaryOperator<String> names) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Scope _ = Scope.open()) {
      draw(fixture)
          .forEach((name, tensor) -> writer.add(names.apply(name), tensor, ElementType.F32));
      writer.write(file);
    }
    return file;
  }

  private static Map<String, Tensor> draw(Path fixture) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of(fixture + ".tsv"))) {
      String[] parts = line.split("\t", -1);
      long[] shape =
          parts[1].isEmpty()
              ? new long[0]
              : Stream.of(parts[1].split(" ", -1)).mapToLong(Long::parseLong).toArray();
      tensors.put(parts[0], draw(parts[0], shape));
    }
    return tensors;
  }

  private static Tensor draw(String name, long... shape) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    Tensor z = RandomNoise.seeded(crc.getValue()).normal(shape);
    if (shape.length == 1 && shape[0] == 1) {
      return z.times(0.1).plus(2);
    }
    if (shape.length == 1) {
      return z.times(0.1).plus(name.endsWith("weight") ? 1 : 0);
    }
    long fanIn = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    return z.dividedBy(Math.sqrt(fanIn));
  }
}
