package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.pipeline.ReferenceModel;
import dev.latente.pipeline.ReferencePicture;
import dev.latente.pipeline.TextToImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// Pictures that the model looks at beside the text.
///
/// Filled in by the command line; not thread-safe.
final class ReferenceMixin {
  @Option(names = "--reference", paramLabel = "IMAGE[@WEIGHT]", descriptionKey = "reference")
  private List<ReferenceSpec> specs = List.of();

  @Option(names = "--reference-model", paramLabel = "FILE", descriptionKey = "reference-model")
  private List<Path> models = List.of();

  @Option(
      names = "--reference-blocks",
      paramLabel = "NAME=X",
      split = ",",
      descriptionKey = "reference-blocks")
  private Map<String, Double> blocks = new LinkedHashMap<>();

  /// Checks what can be checked before a model is loaded, and reads the pictures.
  ///
  /// @throws IllegalArgumentException if pictures and models do not go together
  /// @throws IOException if a picture cannot be read
  List<Picture> pictures() throws IOException {
    boolean together = models.size() == 1 || models.size() == specs.size();
    if (!specs.isEmpty() && models.isEmpty()) {
      throw new IllegalArgumentException(
          "--reference needs a --reference-model: " + specs.getFirst().image());
    }
    if (specs.isEmpty() && !(models.isEmpty() && blocks.isEmpty())) {
      throw new IllegalArgumentException(
          "--reference-model and --reference-blocks need a --reference: none");
    }
    if (!specs.isEmpty() && !together) {
      throw new IllegalArgumentException(
          "--reference-model must be given once, or once for each --reference: %d for %d"
              .formatted(models.size(), specs.size()));
    }
    List<Picture> pictures = new ArrayList<>();
    for (ReferenceSpec spec : specs) {
      ReferencePicture.requireWeight(spec.weight());
      pictures.add(Picture.read(spec.image()));
    }
    return pictures;
  }

  /// References, and the models that are to be closed when the pictures are drawn.
  record Opened(List<ReferencePicture> references) implements AutoCloseable {
    @Override
    public void close() {
      references.forEach(reference -> reference.model().close());
    }
  }

  /// Opens the reference models.
  ///
  /// @param pictures as [#pictures] read them
  Opened open(TextToImage model, List<Picture> pictures) throws IOException {
    Map<Path, ReferenceModel> opened = new HashMap<>();
    List<ReferencePicture> references = new ArrayList<>();
    try {
      for (int i = 0; i < specs.size(); i++) {
        Path file = models.get(models.size() == 1 ? 0 : i);
        ReferenceModel own = opened.get(file);
        if (own == null) {
          own = model.openReference(file);
          opened.put(file, own);
        }
        references.add(
            ReferencePicture.of(own, pictures.get(i))
                .withWeight(specs.get(i).weight())
                .withBlocks(blocks));
      }
      return new Opened(List.copyOf(references));
    } catch (IOException | RuntimeException e) {
      opened.values().forEach(ReferenceModel::close);
      throw e;
    }
  }
}
