package dev.latente.vision;

import dev.latente.nn.Attention;
import dev.latente.nn.Init;
import dev.latente.nn.LayerNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// A few learned questions that look at many tokens, layer after layer: a Perceiver.
///
/// [Alayrac et al. (2022)](https://arxiv.org/abs/2204.14198), section 3.1. Names follow diffusers
/// (`IPAdapterPlusImageProjection`).
///
/// @param latents the questions, `[1, Q, H]`
public record Resampler(
    Tensor latents, Linear projIn, List<Block> layers, Linear projOut, LayerNorm normOut) {
  private static final double EPSILON = 1e-5;
  private static final int HEAD = 64; // width of each head in all published models

  /// The sizes of a resampler.
  ///
  /// @param in width of the tokens it looks at
  /// @param hidden width of its questions
  /// @param out width of the tokens it gives
  /// @param queries how many it gives
  /// @param depth how many layers
  /// @param heads of each attention
  /// @param inner width inside each feed-forward part
  public record Sizes(int in, int hidden, int out, int queries, int depth, int heads, int inner) {}

  /// One layer.
  record Block(
      LayerNorm ln0, LayerNorm ln1, Attention attn, LayerNorm ffNorm, Linear ffIn, Linear ffOut) {
    static Block of(Weights weights, Sizes sizes) {
      int hidden = sizes.hidden();
      int inside = sizes.heads() * HEAD;
      Weights attention = weights.at("attn");
      return new Block(
          LayerNorm.of(weights.at("ln0"), hidden, EPSILON),
          LayerNorm.of(weights.at("ln1"), hidden, EPSILON),
          new Attention(
              Linear.withoutBias(attention.at("to_q"), hidden, inside),
              Linear.withoutBias(attention.at("to_k"), hidden, inside),
              Linear.withoutBias(attention.at("to_v"), hidden, inside),
              Linear.withoutBias(attention.at("to_out.0"), inside, hidden),
              sizes.heads()),
          LayerNorm.of(weights.at("ff.0"), hidden, EPSILON),
          Linear.withoutBias(weights.at("ff.1.net.0.proj"), hidden, sizes.inner()),
          Linear.withoutBias(weights.at("ff.1.net.2"), sizes.inner(), hidden));
    }

    /// The questions `[N, Q, H]` after a look at `x` `[N, T, H]` and at each other.
    Tensor forward(Tensor x, Tensor questions) {
      Tensor asked = ln1.forward(questions);
      Tensor seen = Tensor.concat(1, ln0.forward(x), asked); // [N, T + Q, H]
      Tensor h = questions.plus(attn.forward(asked, seen));
      return h.plus(ffOut.forward(ffIn.forward(ffNorm.forward(h)).gelu()));
    }
  }

  public Resampler {
    layers = List.copyOf(layers);
  }

  /// Builds the resampler of `sizes` from `weights`.
  public static Resampler of(Weights weights, Sizes sizes) {
    int hidden = sizes.hidden();
    return new Resampler(
        weights.tensor("latents", Init.normal(1 / Math.sqrt(hidden)), 1, sizes.queries(), hidden),
        Linear.of(weights.at("proj_in"), sizes.in(), hidden),
        IntStream.range(0, sizes.depth())
            .mapToObj(i -> Block.of(weights.at("layers").at(i), sizes))
            .toList(),
        Linear.of(weights.at("proj_out"), hidden, sizes.out()),
        LayerNorm.of(weights.at("norm_out"), sizes.out(), EPSILON));
  }

  /// Tokens `[N, Q, out]` of `x` `[N, T, in]`.
  public Tensor forward(Tensor x) {
    Tensor h = latents.expand(x.size(0), latents.size(1), latents.size(2));
    Tensor looked = projIn.forward(x);
    for (Block layer : layers) {
      h = layer.forward(looked, h);
    }
    return normOut.forward(projOut.forward(h));
  }
}
