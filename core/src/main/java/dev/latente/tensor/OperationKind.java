package dev.latente.tensor;

import java.util.Locale;

/// What sort of work an operation is.
public enum OperationKind {
  /// Convolutions of 3×3 pixels.
  CONVOLUTION,
  /// Linear maps, and convolutions of 1×1 pixels, which are the same.
  LINEAR,
  /// Attention of positions to each other.
  SELF_ATTENTION,
  /// Attention of positions to something else, such as a text.
  CROSS_ATTENTION,
  /// Group and layer norms.
  NORM,
  /// Functions of single elements, such as SiLU; with a norm or a gate if they are done in one
  /// pass.
  ACTIVATION,
  /// Making weights f32 that are stored in fewer bits.
  WIDENING,
  /// All else, such as sums, copies and other layouts.
  REST;

  /// The name users read, such as `self-attention`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What the operation called `name` is, by its operands; of attention these are queries and keys,
  /// of others what goes in and the weight.
  static OperationKind of(String name, Tensor... operands) {
    return switch (name) {
      case "conv2d" -> operands[1].size(-1) == 1 ? LINEAR : CONVOLUTION;
      case "linear", "geglu" -> LINEAR;
      case "scaled_dot_product_attention" ->
          operands[0].size(-2) == operands[1].size(-2) ? SELF_ATTENTION : CROSS_ATTENTION;
      case "group_norm", "layer_norm" -> NORM;
      case "group_norm_silu", "silu", "gelu", "relu", "sigmoid", "tanh", "softmax" -> ACTIVATION;
      case "widen" -> WIDENING;
      default -> REST;
    };
  }
}
