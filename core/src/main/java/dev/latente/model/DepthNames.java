package dev.latente.model;

import dev.latente.model.Renaming.Rule;

/// The names of transformers' `DPTForDepthEstimation` as those of its
/// `DepthAnythingForDepthEstimation`.
final class DepthNames {
  private static final String LAYER = "dpt\\.encoder\\.layer\\.(\\d+)\\.";
  private static final String TO_LAYER = "backbone.encoder.layer.$1.";

  static final Renaming ALL =
      Renaming.table(
          Rule.ignore("backbone\\.embeddings\\.mask_token"),
          Rule.ignore("dpt\\.layernorm\\..*"),
          Rule.ignore("dpt\\.pooler\\..*"),
          Rule.ignore("auxiliary_head\\..*"),
          Rule.rename("dpt\\.embeddings\\.backbone\\.(bit\\..*)", "backbone.$1"),
          Rule.rename(
              "dpt\\.embeddings\\.(projection\\..*)", "backbone.embeddings.patch_embeddings.$1"),
          Rule.rename("dpt\\.embeddings\\.(.*)", "backbone.embeddings.$1"),
          Rule.rename(LAYER + "layernorm_before\\.(.*)", TO_LAYER + "norm1.$2"),
          Rule.rename(LAYER + "layernorm_after\\.(.*)", TO_LAYER + "norm2.$2"),
          Rule.rename(LAYER + "intermediate\\.dense\\.(.*)", TO_LAYER + "mlp.fc1.$2"),
          Rule.rename(LAYER + "output\\.dense\\.(.*)", TO_LAYER + "mlp.fc2.$2"),
          Rule.rename(LAYER + "(attention\\..*)", TO_LAYER + "$2"),
          Rule.rename("head\\.head\\.0\\.(.*)", "head.conv1.$1"),
          Rule.rename("head\\.head\\.2\\.(.*)", "head.conv2.$1"),
          Rule.rename("head\\.head\\.4\\.(.*)", "head.conv3.$1"));

  private DepthNames() {}
}
