package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import dev.latente.image.Watermark;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.Device;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The mark and the safety checker, on the way from a request to pictures.
class CareTest {
  private static final Path MODEL = Reference.FOLDER.resolve("tiny-sd1");
  private static final Path VISION = Reference.FOLDER.resolve("tiny-vision");

  @TempDir private Path temporary;

  private static ImageRequest.Builder request() {
    return ImageRequest.builder("a red boat").size(64, 64).steps(1).seed(1);
  }

  @Test
  void theLibraryMarksOnlyWhenAsked() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1")) {
      GeneratedImage plain = model.generate(request().build()).getFirst();
      GeneratedImage marked = model.generate(request().watermark(true).build()).getFirst();
      assertThat(marked.picture()).isEqualTo(Watermark.LATENTE.mark(plain.picture()));
      assertThat(Watermark.LATENTE.detect(plain.picture()).found()).isFalse();
      assertThat(marked.parameters().value("Watermark")).contains("Latente");
      assertThat(plain.parameters().value("Watermark")).isEmpty();
    }
  }

  @Test
  void flaggedPicturesAreBlackAndUnmarked() throws IOException {
    Path folder = modelWithChecker(-2); // a threshold that every cosine exceeds
    ImageRequest request = request().watermark(true).build();
    try (TextToImage model = TextToImage.open(folder, Device.CPU, Precision.F32)) {
      GeneratedImage image = model.generate(request).getFirst();
      assertThat(image.flagged()).isTrue();
      assertThat(image.picture()).isEqualTo(Picture.black(64, 64));
    }
    LoadOptions unchecked = LoadOptions.of(Device.CPU, Precision.F32).withoutSafetyChecker();
    try (TextToImage model = TextToImage.open(folder, unchecked)) {
      assertThat(model.generate(request).getFirst().flagged()).isFalse();
    }
  }

  @Test
  void picturesThatAreNotFlaggedStayAsTheyAre() throws IOException {
    try (TextToImage plain = Reference.open("tiny-sd1");
        TextToImage checked = TextToImage.open(modelWithChecker(2), Device.CPU, Precision.F32)) {
      GeneratedImage image = checked.generate(request().build()).getFirst();
      assertThat(image.flagged()).isFalse();
      assertThat(image.picture()).isEqualTo(plain.generate(request().build()).getFirst().picture());
    }
  }

  /// The tiny model with a checker whose thresholds are all `threshold`.
  private Path modelWithChecker(double threshold) throws IOException {
    Path folder = temporary.resolve("model" + threshold);
    copy(MODEL, folder);
    copy(VISION.resolve("safety_checker"), folder.resolve("safety_checker"));
    copy(VISION.resolve("feature_extractor"), folder.resolve("feature_extractor"));
    Path weights = folder.resolve("safety_checker/model.safetensors");
    Path index = folder.resolve("model_index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replaceFirst(
                "\"safety_checker\": \\[\\s*null,\\s*null\\s*\\]",
                "\"safety_checker\": [\"stable_diffusion\", \"StableDiffusionSafetyChecker\"]"));
    try (Scope _ = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      try (SafetensorsFile file = SafetensorsFile.open(weights)) {
        for (String name : file.names()) {
          if (!name.contains("position_ids")) {
            Tensor read = file.read(name, Precision.F32);
            tensors.put(
                name,
                name.endsWith("embeds_weights") ? Tensor.full(threshold, read.shape()) : read);
          }
        }
      }
      new SafetensorsWriter().addAll(tensors, ElementType.F32).write(weights);
    }
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }
}
