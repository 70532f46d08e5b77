package dev.latente.vision;

import dev.latente.nn.LayerNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// The part of a reference model (IP-Adapter) that turns what a vision encoder saw into tokens like
/// those of a text.
///
/// [Ye et al. (2023)](https://arxiv.org/abs/2308.06721), section 3.2.1.
public sealed interface ImageProjection {
  /// Tokens `[N, T, E]` of normalised pictures `[N, 3, S, S]`.
  Tensor tokens(ClipVisionEncoder encoder, Tensor pixels);

  /// The tokens that stand for no picture, `[N, T, E]`, for as many as `pixels` has.
  Tensor empty(ClipVisionEncoder encoder, Tensor pixels);

  /// A few tokens from the vector of the whole picture (`ImageProjection` of diffusers).
  ///
  /// @param imageEmbeds from the vector `[N, P]` to all tokens side by side, `[N, T·E]`
  record Whole(Linear imageEmbeds, LayerNorm norm) implements ImageProjection {
    private static final double EPSILON = 1e-5;

    /// The projection from vectors of width `in` to `tokens` tokens of width `out`.
    public static Whole of(Weights weights, int in, int out, int tokens) {
      return new Whole(
          Linear.of(weights.at("image_embeds"), in, tokens * out),
          LayerNorm.of(weights.at("norm"), out, EPSILON));
    }

    @Override
    public Tensor tokens(ClipVisionEncoder encoder, Tensor pixels) {
      return Scope.tidy(() -> project(encoder.embed(pixels)));
    }

    @Override
    public Tensor empty(ClipVisionEncoder encoder, Tensor pixels) {
      return Scope.tidy(() -> {
        Tensor none = Tensor.full(0, pixels.size(0), encoder.config().projectionDim());
        return project(none.like(imageEmbeds.weight()));
      });
    }

    /// Tokens `[N, T, E]` of the pictures' vectors `[N, P]`; zeros stand for no picture.
    public Tensor project(Tensor embedded) {
      long width = norm.weight().size(0);
      return norm.forward(imageEmbeds.forward(embedded).reshape(embedded.size(0), -1, width));
    }
  }

  /// Tokens gathered from all squares of the picture by a [Resampler]: the "plus" models.
  record Squares(Resampler resampler) implements ImageProjection {
    /// The last layer is left out: it only serves the vector of the whole.
    private static final int SKIPPED = 1;

    @Override
    public Tensor tokens(ClipVisionEncoder encoder, Tensor pixels) {
      return Scope.tidy(() -> resampler.forward(encoder.hidden(pixels, SKIPPED)));
    }

    @Override
    public Tensor empty(ClipVisionEncoder encoder, Tensor pixels) {
      return tokens(encoder, pixels.times(0)); // grey, that is, not black
    }
  }
}
