package dev.latente.cli;

import dev.latente.image.Picture;
import dev.latente.pipeline.DepthEstimator;
import dev.latente.pipeline.DepthSource;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.ReferenceModel;
import dev.latente.pipeline.ReferencePicture;
import dev.latente.pipeline.StartPicture;
import dev.latente.pipeline.TextToImage;
import dev.latente.scenes.judge.GuidedEvaluation;
import dev.latente.scenes.judge.Judge;
import dev.latente.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// `latente evaluate --guided`: whether a model's pictures follow what guides them.
///
/// @param path of the model, which brings a depth estimator
/// @param alone whether references are looked at by the model itself, though its folder may bring a
///   reference model
/// @param filled puts steps and guidance into a request
record GuidedRun(
    Session session,
    TextToImage model,
    Path path,
    Device device,
    GuidedEvaluation evaluation,
    boolean alone,
    UnaryOperator<ImageRequest.Builder> filled) {
  /// What guides.
  enum Kind {
    DEPTH,
    MASK,
    REFERENCE;

    /// @throws IllegalArgumentException if nothing is called so
    static Kind named(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "depth" -> DEPTH;
        case "mask" -> MASK;
        case "reference" -> REFERENCE;
        default ->
            throw new IllegalArgumentException(
                "--guided must be depth, mask or reference: '%s'".formatted(name));
      };
    }
  }

  List<GuidedEvaluation.Measure> run(Kind kind, GuidedEvaluation.Progress progress)
      throws IOException {
    return switch (kind) {
      case DEPTH -> depth(progress);
      case MASK -> evaluation.mask(this::repainted, progress);
      case REFERENCE -> {
        Optional<ReferenceModel> own = alone ? Optional.empty() : model.openOwnReference();
        try (Judge judge = Judge.load()) {
          yield evaluation.reference(
              (prompt, seed, reference) -> after(prompt, seed, seen(own, reference)),
              this::plain,
              judge,
              progress);
        } finally {
          own.ifPresent(ReferenceModel::close);
        }
      }
    };
  }

  private List<GuidedEvaluation.Measure> depth(GuidedEvaluation.Progress progress)
      throws IOException {
    try (DepthEstimator estimator = DepthEstimator.open(path, device)) {
      return evaluation.depth(
          (prompt, seed, map) ->
              drawn(request(prompt, seed).depth(new DepthSource.Map(map)).build()),
          this::plain,
          estimator::nearness,
          progress);
    }
  }

  private Picture repainted(String prompt, long seed, GuidedEvaluation.Repainted area) {
    Picture original = area.picture();
    byte[] white = new byte[3 * original.width() * original.height()];
    for (int y = area.y(); y < area.y() + area.side(); y++) {
      int row = 3 * (y * original.width() + area.x());
      Arrays.fill(white, row, row + 3 * area.side(), (byte) 255);
    }
    Picture mask = Picture.of(original.width(), original.height(), white);
    StartPicture start = StartPicture.of(original, 1).withMask(mask);
    return drawn(request(prompt, seed).start(start).build());
  }

  private static ReferencePicture seen(Optional<ReferenceModel> own, Picture reference) {
    return own.map(by -> ReferencePicture.of(by, reference))
        .orElseGet(() -> ReferencePicture.of(reference));
  }

  private Picture after(String prompt, long seed, ReferencePicture reference) {
    return drawn(request(prompt, seed).references(List.of(reference)).build());
  }

  private Picture plain(String prompt, long seed) {
    return drawn(request(prompt, seed).build());
  }

  private ImageRequest.Builder request(String prompt, long seed) {
    return filled.apply(model.request(prompt)).seed(seed);
  }

  private Picture drawn(ImageRequest request) {
    return model.generate(request, _ -> session.cancellation().check()).getFirst().picture();
  }
}
