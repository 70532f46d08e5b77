package dev.latente.pipeline;

/// What guides a model beside its prompts.
///
/// @param controls maps, through control networks
/// @param references pictures to look at
record Guides(Controls controls, References references) {
  /// Nothing.
  static final Guides NONE = new Guides(Controls.NONE, References.NONE);
}
