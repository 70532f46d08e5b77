package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.nn.LayerNorm;
import dev.latente.nn.Rows;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.List;

/// Pixels look at each other, then at the text and at pictures, then each thinks for itself.
///
/// Names follow the diffusers checkpoint (`BasicTransformerBlock`); Rombach et al. (2022), appendix
/// E.2.1.
///
/// @param onlyCross whether the first attention looks at the text too
/// @param cross what the second attention is called from outside
record TransformerBlock(
    LayerNorm norm1,
    Attention attn1,
    LayerNorm norm2,
    Attention attn2,
    LayerNorm norm3,
    FeedForward ff,
    boolean onlyCross,
    CrossAttention cross) {
  private static final double EPSILON = 1e-5;

  static TransformerBlock of(
      Weights weights, int features, int context, int heads, boolean onlyCross) {
    int first = onlyCross ? context : features;
    return new TransformerBlock(
        LayerNorm.of(weights.at("norm1"), features, EPSILON),
        Attention.of(weights.at("attn1"), features, first, heads),
        LayerNorm.of(weights.at("norm2"), features, EPSILON),
        Attention.of(weights.at("attn2"), features, context, heads),
        LayerNorm.of(weights.at("norm3"), features, EPSILON),
        FeedForward.of(weights.at("ff"), features),
        onlyCross,
        new CrossAttention(weights.at("attn2").path(), features));
  }

  /// `[N, H·W, D]` to the same shape.
  ///
  /// @param x or its first rows, which the others repeat: they part where they look at the text
  /// @param told the text, and pictures to look at
  Tensor forward(Tensor x, Conditioning told) {
    Tensor own = onlyCross ? Rows.repeated(x, told.rows()) : x;
    Tensor looked =
        Scope.tidy(() -> {
          Tensor h = norm1.forward(own);
          return onlyCross
              ? attn1.forwardPlus(h, told.seenBy(attn1), List.of(), own)
              : told.self().gatherPlus(cross.name(), attn1, h, own);
        });
    Tensor all = Rows.repeated(looked, told.rows());
    Tensor heard =
        Scope.tidy(() ->
            attn2.forwardPlus(
                norm2.forward(all), told.seenBy(attn2), told.extras(cross.name()), all));
    return Scope.tidy(() -> ff.forwardPlus(norm3.forward(heard), heard));
  }
}
