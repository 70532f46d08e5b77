package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.ReferenceModelFile;
import dev.latente.model.ReferenceModelFile.Kind;
import dev.latente.model.VisionPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.Weights;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.unet.CrossAttention;
import dev.latente.unet.ReferenceMaps;
import dev.latente.vision.ClipImageProcessor;
import dev.latente.vision.ClipVisionConfig;
import dev.latente.vision.ClipVisionEncoder;
import dev.latente.vision.ImageProjection;
import dev.latente.vision.Resampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A reference model (IP-Adapter) in memory with its image encoder, opened for one model by
/// [TextToImage#openReference].
///
/// Its weights stay in memory until [#close]; no request that uses it may run then.
public final class ReferenceModel implements AutoCloseable {
  private static final String ENCODER = "image_encoder";

  private final String name;
  private final List<String> attentions;
  private final Parts parts;
  private final Components components;
  private boolean closed;

  /// The networks of a reference model.
  record Parts(
      ClipVisionEncoder encoder,
      ClipImageProcessor processor,
      ImageProjection projection,
      ReferenceMaps maps,
      Precision precision) {}

  /// What a picture becomes.
  ///
  /// @param tokens `[1, T, E]`
  /// @param empty those of no picture
  record Tokens(Tensor tokens, Tensor empty) {}

  private ReferenceModel(String name, List<String> attentions, Parts parts, Components components) {
    this.name = name;
    this.attentions = attentions;
    this.parts = parts;
    this.components = components;
  }

  /// Loads the model in `file`, which is to guide `base`.
  ///
  /// @param folder that of the base model, if it is one
  static ReferenceModel load(Path file, Path folder, LoadedModel base) throws IOException {
    try (ReferenceModelFile opened = ReferenceModelFile.open(file)) {
      List<CrossAttention> attentions = base.unet().crossAttentions();
      requireFits(opened, base, attentions.size());
      Components components = new Components(base.device());
      try (VisionPart vision = encoder(opened, folder, base.precision())) {
        return new ReferenceModel(
            name(file),
            attentions.stream().map(CrossAttention::name).toList(),
            parts(opened, vision, attentions, components, base.precision()),
            components);
      } catch (IOException | RuntimeException | Error e) {
        components.release();
        throw e;
      }
    }
  }

  private static void requireFits(ReferenceModelFile file, LoadedModel base, int attentions) {
    int width = base.unet().config().crossAttentionDim();
    if (file.context() != width || file.attentions() != attentions) {
      throw new ModelFormatException(
          "%s: expected a reference model for %s (%d attentions to texts of width %d), found one for %d of width %d"
              .formatted(
                  file.origin(),
                  base.name(),
                  attentions,
                  width,
                  file.attentions(),
                  file.context()));
    }
  }

  private static Parts parts(
      ReferenceModelFile file,
      VisionPart vision,
      List<CrossAttention> attentions,
      Components components,
      Precision precision) {
    return new Parts(
        components.build(
            vision.weights(), precision, at -> ClipVisionEncoder.of(at, vision.config())),
        vision.processor(),
        components.build(file.projection(), precision, at -> projection(at, file)),
        components.build(
            file.maps(), precision, at -> ReferenceMaps.of(at, attentions, file.context())),
        precision);
  }

  private static ImageProjection projection(Weights weights, ReferenceModelFile file) {
    return switch (file.kind()) {
      case Kind.Whole(int in, int tokens) ->
          ImageProjection.Whole.of(weights, in, file.context(), tokens);
      case Kind.Squares(Resampler.Sizes sizes) ->
          new ImageProjection.Squares(Resampler.of(weights, sizes));
    };
  }

  /// The first image encoder of the width that the file was made with: beside the file, in a folder
  /// `models` as the published ones are laid out, or in the folder of the model that draws.
  private static VisionPart encoder(ReferenceModelFile file, Path folder, Precision precision)
      throws IOException {
    Set<Path> places = new LinkedHashSet<>();
    Path beside = file.origin().toAbsolutePath().normalize().getParent();
    if (beside != null) {
      places.add(beside.resolve(ENCODER));
      places.add(beside.resolveSibling(ENCODER));
      places.add(beside.resolveSibling("models").resolve(ENCODER));
    }
    places.add(folder.toAbsolutePath().normalize().resolve(ENCODER));
    List<String> found = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        VisionPart vision = VisionPart.imageEncoder(place, precision);
        if (fits(file.kind(), vision.config())) {
          return vision;
        }
        vision.close();
        found.add(place.toString());
      }
    }
    throw new ModelFormatException(
        "%s: expected an image encoder of width %d in %s, found %s"
            .formatted(
                file.origin(),
                width(file.kind()),
                places.stream().map(Path::toString).collect(Collectors.joining(", ")),
                found.isEmpty() ? "none" : "others in " + String.join(", ", found)));
  }

  private static boolean fits(Kind kind, ClipVisionConfig config) {
    return switch (kind) {
      case Kind.Whole(int in, _) -> config.projectionDim() == in;
      case Kind.Squares(Resampler.Sizes sizes) -> config.hiddenSize() == sizes.in();
    };
  }

  private static int width(Kind kind) {
    return switch (kind) {
      case Kind.Whole(int in, _) -> in;
      case Kind.Squares(Resampler.Sizes sizes) -> sizes.in();
    };
  }

  private static String name(Path file) {
    return Optional.ofNullable(file.getFileName())
        .map(last -> last.toString().replaceFirst("\\.[^.]+$", ""))
        .orElse(file.toString());
  }

  /// What users call it: the file's name.
  public String name() {
    return name;
  }

  /// The names of the attentions that heed its pictures, such as
  /// `down_blocks.0.attentions.0.transformer_blocks.0.attn2`.
  public List<String> attentions() {
    return attentions;
  }

  /// Whether any attention lies in `block`.
  boolean knows(String block) {
    return attentions.stream().anyMatch(attention -> isIn(attention, block));
  }

  /// Whether the attention called `name` lies in `block`, the beginning of its name.
  static boolean isIn(String name, String block) {
    return name.equals(block) || name.startsWith(block + ".");
  }

  /// What `picture` becomes.
  ///
  /// @throws IllegalStateException if the model was closed
  Tokens tokens(Picture picture) {
    requireOpen();
    Tensor pixels =
        parts.processor().pixels(List.of(picture)).to(components.device()).to(parts.precision());
    return new Tokens(
        parts.projection().tokens(parts.encoder(), pixels),
        parts.projection().empty(parts.encoder(), pixels));
  }

  /// The part that the U-Net's attentions need.
  ReferenceMaps maps() {
    requireOpen();
    return parts.maps();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the reference model is closed: " + name);
    }
  }

  /// Frees the weights.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      components.release();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
