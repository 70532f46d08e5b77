package dev.latente.pipeline;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A tiny model that sees a mask and the masked picture: an ordinary one with 5 more input
/// channels, whose weights are the formula in tools/reference/inpainting.py.
final class InpaintingModel {
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
  private static final int MORE = 5;
  private static final int KERNEL = 3;

  private InpaintingModel() {}

  /// Copies the model in `from` to `to`, widened.
  static void write(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    replace(to.resolve("unet/config.json"), "\"in_channels\": 4", "\"in_channels\": 9");
    replace(
        to.resolve("model_index.json"),
        "StableDiffusionPipeline",
        "StableDiffusionInpaintPipeline");
    try (SafetensorsFile stored = SafetensorsFile.open(from.resolve(WEIGHTS));
        Scope _ = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (String name : stored.names()) {
        tensors.put(name, stored.read(name, Precision.F32));
      }
      tensors.computeIfPresent("conv_in.weight", (_, old) -> widened(old));
      new SafetensorsWriter().addAll(tensors, ElementType.F16).write(to.resolve(WEIGHTS));
    }
  }

  private static Tensor widened(Tensor old) {
    int outputs = Math.toIntExact(old.size(0));
    float[] more = new float[outputs * MORE * KERNEL * KERNEL];
    int i = 0;
    for (int o = 0; o < outputs; o++) {
      for (int c = 0; c < MORE; c++) {
        for (int y = 0; y < KERNEL; y++) {
          for (int x = 0; x < KERNEL; x++) {
            more[i++] = (float) (0.1 * Math.sin(7 * o + 5 * c + 3 * y + x));
          }
        }
      }
    }
    return Tensor.concat(1, old, Tensor.of(more, outputs, MORE, KERNEL, KERNEL));
  }

  private static void replace(Path file, String old, String now) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(old)) {
      throw new IllegalStateException(file + " should contain " + old + ": " + List.of(text));
    }
    Files.writeString(file, text.replace(old, now));
  }
}
