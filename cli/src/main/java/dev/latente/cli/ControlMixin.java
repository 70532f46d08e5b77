package dev.latente.cli;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.pipeline.Control;
import dev.latente.pipeline.DepthEstimator;
import dev.latente.pipeline.DepthSource;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.TextToImage;
import dev.latente.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// Maps that guide the picture through control networks.
///
/// Filled in by the command line; not thread-safe.
final class ControlMixin {
  @Option(
      names = "--control",
      paramLabel = "MODEL=[PREPROCESSOR:]IMAGE[@WEIGHT[@START-END]]",
      descriptionKey = "control")
  private List<ControlSpec> specs = List.of();

  @Option(names = "--control-reach", paramLabel = "both|prompt", descriptionKey = "control-reach")
  private String reach = "both";

  @Option(names = "--image-guidance", paramLabel = "X", descriptionKey = "image-guidance")
  private double imageGuidance = ImageRequest.USUAL_IMAGE_GUIDANCE;

  @Option(names = "--depth", paramLabel = "MAP|auto|auto:IMAGE", descriptionKey = "depth")
  private Optional<String> depth = Optional.empty();

  @Option(names = "--depth-model", paramLabel = "DIR", descriptionKey = "depth-model")
  private Optional<String> depthModel = Optional.empty();

  /// The depth of the picture to begin with.
  private static final String AUTO = "auto";

  /// What begins the name of a picture whose depth is to be estimated.
  private static final String AUTO_OF = "auto:";

  /// How strictly models that change a picture keep to it.
  double imageGuidance() {
    return imageGuidance;
  }

  /// The pictures of all controls, read before any model is loaded.
  ///
  /// @param init the picture to begin with, which stands for those that are not named
  /// @throws IOException if one cannot be read
  Pictures pictures(Optional<Picture> init) throws IOException {
    if (depth.filter(AUTO::equals).isPresent() && init.isEmpty()) {
      throw new IllegalArgumentException(
          "--depth auto needs a picture to begin with (--init IMAGE), or one to estimate:"
              + " --depth auto:IMAGE");
    }
    List<Picture> pictures = new ArrayList<>();
    for (ControlSpec spec : specs) {
      if (spec.image().isEmpty() && init.isEmpty()) {
        throw new IllegalArgumentException(
            "--control %s names no image, and there is none to begin with: --init IMAGE"
                .formatted(spec.model()));
      }
      pictures.add(
          spec.image().isEmpty() ? init.orElseThrow() : Picture.read(Path.of(spec.image())));
    }
    return new Pictures(pictures, init);
  }

  /// The files that were named.
  Stream<Path> files() {
    return Stream.concat(
            specs.stream().map(ControlSpec::image),
            depth
                .map(text -> text.startsWith(AUTO_OF) ? text.substring(AUTO_OF.length()) : text)
                .filter(text -> !text.equals(AUTO))
                .stream())
        .filter(text -> !text.isEmpty())
        .map(Path::of);
  }

  /// What the controls are made of.
  ///
  /// @param maps for each control
  /// @param init the picture to begin with
  record Pictures(List<Picture> maps, Optional<Picture> init) {}

  /// The depth that `--depth` asks for.
  ///
  /// @param path of the model that draws, which may bring an estimator
  private Optional<DepthSource> depth(
      Session session,
      Path path,
      Device device,
      Optional<Picture> init,
      List<DepthEstimator> estimators)
      throws IOException {
    if (depth.isEmpty()) {
      return Optional.empty();
    }
    String text = depth.get();
    if (!text.equals(AUTO) && !text.startsWith(AUTO_OF)) {
      return Optional.of(new DepthSource.Map(GreyPicture.read(Path.of(text))));
    }
    Picture picture =
        text.equals(AUTO)
            ? init.orElseThrow()
            : Picture.read(Path.of(text.substring(AUTO_OF.length())));
    DepthEstimator estimator = DepthEstimator.open(estimator(path, session), device);
    estimators.add(estimator);
    return Optional.of(new DepthSource.Estimated(estimator, picture));
  }

  /// What guides the pictures, and is to be closed when they are drawn.
  record Opened(
      List<Control> controls,
      Optional<DepthSource> depth,
      double imageGuidance,
      List<DepthEstimator> estimators)
      implements AutoCloseable {
    /// `request`, guided.
    ImageRequest guide(ImageRequest request) {
      return request.toBuilder()
          .controls(controls)
          .depth(depth)
          .imageGuidance(imageGuidance)
          .build();
    }

    @Override
    public void close() {
      controls.forEach(control -> control.model().close());
      estimators.forEach(DepthEstimator::close);
    }
  }

  /// Opens the networks and prepares their maps.
  ///
  /// @param pictures as [#pictures] read them
  /// @param path of the model that draws, which may bring a depth estimator
  Opened open(Session session, TextToImage model, Pictures pictures, Path path, Device device)
      throws IOException {
    List<Control> controls = new ArrayList<>();
    List<DepthEstimator> estimators = new ArrayList<>();
    try {
      Optional<DepthSource> source = depth(session, path, device, pictures.init(), estimators);
      for (int i = 0; i < specs.size(); i++) {
        ControlSpec spec = specs.get(i);
        Picture map = map(spec, pictures.maps().get(i), estimator(path, session), device);
        Path network = Models.find(Optional.of(spec.model()), session);
        Control control =
            Control.of(model.openControl(network), map)
                .withWeight(spec.weight())
                .during(spec.start(), spec.end())
                .withReach(reach());
        boolean masked = spec.kind() instanceof ControlSpec.Kind.Inpaint;
        controls.add(masked ? control.withMasked() : control);
      }
      return new Opened(List.copyOf(controls), source, imageGuidance, List.copyOf(estimators));
    } catch (IOException | RuntimeException e) {
      new Opened(controls, Optional.empty(), imageGuidance, estimators).close();
      throw e;
    }
  }

  /// Checks what can be checked before a model is loaded.
  ///
  /// @throws IllegalArgumentException if a number or a name is not one that is known
  void check() {
    reach();
    requireEstimate();
    ImageRequest.builder("").imageGuidance(imageGuidance).build();
    for (ControlSpec spec : specs) {
      Control.requireNumbers(spec.weight(), spec.start(), spec.end());
    }
  }

  private void requireEstimate() {
    boolean estimated =
        depth.filter(text -> text.equals(AUTO) || text.startsWith(AUTO_OF)).isPresent()
            || specs.stream().anyMatch(spec -> spec.kind() instanceof ControlSpec.Kind.Depth);
    if (depthModel.isPresent() && !estimated) {
      throw new IllegalArgumentException(
          "--depth-model estimates the depth of a picture (--depth auto, --control"
              + " MODEL=depth:IMAGE), but none is to be estimated");
    }
  }

  private Control.Reach reach() {
    return switch (reach) {
      case "both" -> Control.Reach.BOTH;
      case "prompt" -> Control.Reach.PROMPT_ONLY;
      default ->
          throw new IllegalArgumentException(
              "control-reach must be both or prompt: '%s'".formatted(reach));
    };
  }

  private static Picture map(ControlSpec spec, Picture picture, Path estimator, Device device)
      throws IOException {
    return switch (spec.kind()) {
      case ControlSpec.Kind.Map _, ControlSpec.Kind.Inpaint _ -> picture;
      case ControlSpec.Kind.Made(var by) -> by.apply(picture);
      case ControlSpec.Kind.Depth _ -> depth(picture, estimator, device).toPicture();
    };
  }

  private Path estimator(Path path, Session session) throws IOException {
    return depthModel.isPresent() ? Models.find(depthModel, session) : path;
  }

  private static GreyPicture depth(Picture picture, Path folder, Device device) throws IOException {
    try (DepthEstimator estimator = DepthEstimator.open(folder, device)) {
      return estimator.nearness(picture);
    }
  }
}
