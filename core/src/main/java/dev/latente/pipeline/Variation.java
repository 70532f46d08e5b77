package dev.latente.pipeline;

import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseStream;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The picture whose variations a model draws, as an embedding; of several pictures their mean by
/// weight.
///
/// @param embedding `[1, P]`; none for models that draw none
/// @param level of the noise that is added to it
/// @param streams of the pictures that are drawn, for that noise; consumed
record Variation(Optional<Tensor> embedding, int level, List<NoiseStream> streams) {
  /// None.
  static final Variation NONE = new Variation(Optional.empty(), 0, List.of());

  /// The noise comes from a stream of its own, so that a seed's latents are those of other models.
  private static final long OWN_STREAM = 0x5641_5259L;

  /// Looks at the pictures of `request`; what becomes of them belongs to the open scope.
  ///
  /// @throws IllegalArgumentException if the model draws variations and there is no picture
  static Variation of(LoadedModel model, ImageRequest request) {
    if (model.pictures().isEmpty()) {
      int noise = request.reference().noise();
      if (noise != ReferenceOptions.usual().noise()) {
        throw new IllegalArgumentException(
            "the model '%s' draws no variations of a picture, but a noise for them was given: %d"
                .formatted(model.name(), noise));
      }
      return NONE;
    }
    PictureEncoder encoder = model.pictures().get();
    List<ReferencePicture> pictures =
        request.references().stream().filter(one -> one.model().isEmpty()).toList();
    double whole = pictures.stream().mapToDouble(ReferencePicture::weight).sum();
    if (!(whole > 0)) {
      throw new IllegalArgumentException(
          "the model '%s' draws variations of a picture: no reference picture with a weight was given"
              .formatted(model.name()));
    }
    Tensor mean =
        pictures.stream()
            .map(one -> encoder.embed(one.picture()).times(one.weight() / whole))
            .reduce(Tensor::plus)
            .orElseThrow();
    return new Variation(Optional.of(mean), request.reference().noise(), List.of());
  }

  /// This for a run of pictures whose noise is drawn by `recipes`.
  Variation begin(List<NoiseRecipe> recipes) {
    List<NoiseStream> own =
        recipes.stream().map(recipe -> recipe.source().seeded(recipe.seed() ^ OWN_STREAM)).toList();
    return new Variation(embedding, level, own);
  }

  /// `network`, which is told the embedding in the rows with the prompt, and zeros in the others.
  Question.Network around(Question.Network network, LoadedModel model) {
    if (embedding.isEmpty()) {
      return network;
    }
    PictureEncoder encoder = model.pictures().orElseThrow();
    Optional<Tensor> noisy = encoder.noising().map(this::noisy); // [N, 2P]
    return (x, timestep, told, without) -> {
      Tensor seen = rows(noisy.orElseGet(embedding::get), without, (int) x.size(0));
      Conditioning seeing =
          noisy.isPresent()
              ? told.withPicture(seen)
              : told.withText(seen.reshape(seen.size(0), 1, seen.size(1)));
      return network.predict(x, timestep, seeing, without);
    };
  }

  private Tensor noisy(PictureEncoder.Noising noising) {
    Tensor[] each =
        streams.stream()
            .map(stream -> {
              Tensor clean = embedding.orElseThrow();
              return noising.add(clean, stream.normal(clean.shape()).like(clean), level);
            })
            .toArray(Tensor[]::new);
    return Conditioning.besideLevel(Tensor.concat(0, each), level);
  }

  /// Zeros in the first rows, and then the pictures' `seen` over and over.
  private static Tensor rows(Tensor seen, int without, int all) {
    int pictures = (int) seen.size(0);
    Tensor[] rows = new Tensor[all / pictures];
    Arrays.fill(rows, seen);
    Arrays.fill(rows, 0, without / pictures, Tensor.full(0, seen.shape()).like(seen));
    return Tensor.concat(0, rows);
  }
}
