package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.pipeline.ReferenceModel;
import dev.latente.pipeline.ReferenceOptions;
import dev.latente.pipeline.ReferencePicture;
import dev.latente.pipeline.TextToImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

  @Option(names = "--reference-fidelity", paramLabel = "X", descriptionKey = "reference-fidelity")
  private Optional<Double> fidelity = Optional.empty();

  @Option(names = "--reference-colours", paramLabel = "X", descriptionKey = "reference-colours")
  private Optional<Double> colours = Optional.empty();

  @Option(names = "--reference-noise", paramLabel = "N", descriptionKey = "reference-noise")
  private Optional<Integer> noise = Optional.empty();

  /// How models look that need no other.
  ///
  /// @throws IllegalArgumentException if a number is out of range
  ReferenceOptions options() {
    ReferenceOptions usual = ReferenceOptions.usual();
    return new ReferenceOptions(
        fidelity.orElse(usual.fidelity()),
        colours.orElse(usual.colours()),
        noise.orElse(usual.noise()));
  }

  /// The empty prompt, where a picture may say all.
  Optional<String> wordless() {
    return specs.isEmpty() ? Optional.empty() : Optional.of("");
  }

  /// Checks what can be checked before a model is loaded, and reads the pictures.
  ///
  /// @throws IllegalArgumentException if pictures and models do not go together
  /// @throws IOException if a picture cannot be read
  List<Picture> pictures() throws IOException {
    boolean together = models.size() <= 1 || models.size() == specs.size();
    if (alone() && !models.isEmpty()) {
      throw new IllegalArgumentException(
          "--reference-fidelity and --reference-colours are for pictures without a"
              + " --reference-model: one was given");
    }
    if (specs.isEmpty() && !(models.isEmpty() && blocks.isEmpty())) {
      throw new IllegalArgumentException(
          "--reference-model and --reference-blocks need a --reference: none");
    }
    if (specs.isEmpty() && (fidelity.or(() -> colours).isPresent() || noise.isPresent())) {
      throw new IllegalArgumentException(
          "--reference-fidelity, --reference-colours and --reference-noise need a --reference:"
              + " none");
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

  /// The files that were named.
  Stream<Path> files() {
    return specs.stream().map(ReferenceSpec::image);
  }

  /// References, and the models that are to be closed when the pictures are drawn.
  record Opened(List<ReferencePicture> references) implements AutoCloseable {
    @Override
    public void close() {
      references.forEach(reference -> reference.model().ifPresent(ReferenceModel::close));
    }
  }

  /// Opens the reference models: those that were named, or else the one that the model's folder
  /// brings, unless it is said how the model shall look without.
  ///
  /// @param pictures as [#pictures] read them
  /// @throws IllegalArgumentException if blocks are named, but there is no reference model
  Opened open(TextToImage model, List<Picture> pictures) throws IOException {
    if (models.isEmpty()) {
      return new Opened(seenBy(own(model), pictures));
    }
    Map<Path, ReferenceModel> opened = new HashMap<>();
    List<ReferencePicture> references = new ArrayList<>();
    try {
      for (int i = 0; i < specs.size(); i++) {
        Path file = models.get(models.size() == 1 ? 0 : i);
        ReferenceModel named = opened.get(file);
        if (named == null) {
          named = model.openReference(file);
          opened.put(file, named);
        }
        references.add(seenBy(named, pictures.get(i), specs.get(i).weight()));
      }
      return new Opened(List.copyOf(references));
    } catch (IOException | RuntimeException e) {
      opened.values().forEach(ReferenceModel::close);
      throw e;
    }
  }

  private Optional<ReferenceModel> own(TextToImage model) throws IOException {
    return specs.isEmpty() || alone() ? Optional.empty() : model.openOwnReference();
  }

  /// Whether it was said how the model shall look without a reference model.
  private boolean alone() {
    return fidelity.isPresent() || colours.isPresent();
  }

  private List<ReferencePicture> seenBy(Optional<ReferenceModel> own, List<Picture> pictures) {
    if (own.isEmpty() && !blocks.isEmpty()) {
      throw new IllegalArgumentException("--reference-blocks need a --reference-model: none");
    }
    List<ReferencePicture> references = new ArrayList<>();
    try {
      for (int i = 0; i < specs.size(); i++) {
        Picture picture = pictures.get(i);
        double weight = specs.get(i).weight();
        references.add(
            own.isPresent()
                ? seenBy(own.get(), picture, weight)
                : ReferencePicture.of(picture).withWeight(weight));
      }
      return List.copyOf(references);
    } catch (RuntimeException e) {
      own.ifPresent(ReferenceModel::close);
      throw e;
    }
  }

  private ReferencePicture seenBy(ReferenceModel model, Picture picture, double weight) {
    return ReferencePicture.of(model, picture).withWeight(weight).withBlocks(blocks);
  }
}
