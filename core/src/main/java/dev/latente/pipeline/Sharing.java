package dev.latente.pipeline;

import dev.latente.image.Fit;
import dev.latente.image.Picture;
import dev.latente.sampling.Denoiser;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseStream;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.AttentionSharing;
import dev.latente.unet.Conditioning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The pictures that a request's model looks at without a reference model: they go through its own
/// network, as noisy as what is drawn.
///
/// @param looks what is looked at
/// @param fidelity as in [ReferenceOptions]
/// @param colours as in [ReferenceOptions]
/// @param streams of the pictures that are drawn, for the noise of those looked at; consumed
record Sharing(List<Look> looks, double fidelity, double colours, List<NoiseStream> streams) {
  /// Nothing.
  static final Sharing NONE = new Sharing(List.of(), 0, 0, List.of());

  /// Noise for these pictures comes from streams of their own, so that what is drawn does not get
  /// other noise because of them.
  private static final long OWN_STREAM = 0x5245_4645L;

  /// A picture to look at.
  ///
  /// @param latents its most likely ones, `[1, C, h, w]`
  /// @param weight the share of the attentions that look at it
  record Look(Tensor latents, double weight) {}

  /// Encodes the pictures of `request`; what becomes of them belongs to the open scope.
  static Sharing of(LoadedModel model, ImageRequest request) {
    if (model.pictures().isPresent()) {
      return NONE; // it has an eye of its own
    }
    List<Look> looks = new ArrayList<>();
    for (ReferencePicture reference : request.references()) {
      if (reference.model().isEmpty()) {
        if (reference.weight() > 1) {
          throw new IllegalArgumentException(
              "without a reference model, the weight of a reference picture is the share of"
                  + " attentions that look at it, 0 to 1: "
                  + reference.weight());
        }
        looks.add(new Look(latents(model, request, reference.picture()), reference.weight()));
      }
    }
    ReferenceOptions how = request.reference();
    return new Sharing(looks, how.fidelity(), how.colours(), List.of());
  }

  private static Tensor latents(LoadedModel model, ImageRequest request, Picture picture) {
    int width = request.width();
    int height = request.height();
    model.latentShape(width, height); // refuses sizes that do not fit
    Picture fitting = Fit.CROP.apply(picture, width, height);
    Tensor pixels = Tensor.of(fitting.toFloats(), 1, 3, height, width);
    return model.space().encode(pixels.to(model.device()));
  }

  /// These for a run of pictures whose noise is drawn by `recipes`.
  Sharing begin(List<NoiseRecipe> recipes) {
    List<NoiseStream> own =
        recipes.stream().map(recipe -> recipe.source().seeded(recipe.seed() ^ OWN_STREAM)).toList();
    return new Sharing(looks, fidelity, colours, own);
  }

  /// `network`, which first sees the pictures to look at.
  ///
  /// @param alone the network without control networks
  Question.Network around(Question.Network network, Question.Network alone, Leg leg) {
    if (looks.isEmpty()) {
      return network;
    }
    return (x, timestep, told, without) -> {
      double sigma = leg.scheduler().noiseSchedule().sigmaAt(timestep);
      try (AttentionSharing bank = new AttentionSharing(leg.model().unet().crossAttentions())) {
        for (Look look : looks) {
          Conditioning listening = told.withSelf(bank.listening(look.weight()));
          Scope.tidy(
              () -> alone.predict(noisy(look.latents(), sigma, x), timestep, listening, without));
        }
        Conditioning seeing = told.withSelf(bank.sharing(fidelity, without));
        return network.predict(x, timestep, seeing, without);
      }
    };
  }

  /// `denoiser`, whose estimates take on the colours of the pictures that have a weight.
  Denoiser toned(Denoiser denoiser) {
    Tensor[] seen =
        looks.stream().filter(look -> look.weight() > 0).map(Look::latents).toArray(Tensor[]::new);
    return colours == 0 || seen.length == 0
        ? denoiser
        : new Tones(Tensor.concat(0, seen), colours).around(denoiser);
  }

  /// The picture of `latents` for each row of `x` `[N, C or more, h, w]`, with noise of deviation
  /// `sigma` and a variance of about 1; what lies beside the latents in `x` stays.
  private Tensor noisy(Tensor latents, double sigma, Tensor x) {
    Tensor[] pictures =
        streams.stream()
            .map(stream -> latents.plus(stream.normal(latents.shape()).like(latents).times(sigma)))
            .toArray(Tensor[]::new);
    Tensor once = Tensor.concat(0, pictures).times(1 / Math.hypot(1, sigma));
    Tensor[] rows = new Tensor[(int) x.size(0) / streams.size()];
    Arrays.fill(rows, once);
    Tensor all = Tensor.concat(0, rows);
    long channels = latents.size(1);
    return x.size(1) == channels ? all : Tensor.concat(1, all, x.slice(1, channels, x.size(1)));
  }
}
