package dev.latente.pipeline;

import dev.latente.tensor.NoiseRecipe;
import java.util.List;

/// What guides a model beside what it is told.
///
/// @param beside what it sees beside the latents
/// @param controls maps, through control networks
/// @param sharing pictures to look at through the model's own attention
/// @param variation the picture whose variations the model draws
record Guides(Beside beside, Controls controls, Sharing sharing, Variation variation) {
  /// Nothing.
  static final Guides NONE =
      new Guides(Beside.NOTHING, Controls.NONE, Sharing.NONE, Variation.NONE);

  /// What `request` asks for; it belongs to the open scope.
  static Guides of(LoadedModel model, ImageRequest request) {
    return new Guides(
        Beside.of(model, request),
        Controls.of(model, request),
        Sharing.of(model, request),
        Variation.of(model, request));
  }

  /// The same for pictures whose noise is drawn by `recipes`.
  Guides begin(List<NoiseRecipe> recipes) {
    return new Guides(
        beside.begin(recipes), controls, sharing.begin(recipes), variation.begin(recipes));
  }

  /// The same with something else beside the latents.
  Guides with(Beside other) {
    return new Guides(other, controls, sharing, variation);
  }
}
