package dev.latente.pipeline;

import dev.latente.pipeline.PromptEncoder.Context;

/// What guides a model beside its prompts.
///
/// @param beside what it sees beside the latents
/// @param controls maps, through control networks
/// @param references pictures to look at
record Guides(Beside beside, Controls controls, References references) {
  /// Nothing.
  static final Guides NONE = new Guides(Beside.NOTHING, Controls.NONE, References.NONE);

  /// What `request` asks for; it belongs to the open scope.
  static Guides of(LoadedModel model, ImageRequest request, Context context) {
    return new Guides(
        Beside.of(model, request), Controls.of(model, request), References.of(request, context));
  }

  /// The same for `request` at another size.
  Guides resized(LoadedModel model, ImageRequest request) {
    return new Guides(Beside.of(model, request), Controls.of(model, request), references);
  }

  /// The same with something else beside the latents.
  Guides with(Beside other) {
    return new Guides(other, controls, references);
  }
}
