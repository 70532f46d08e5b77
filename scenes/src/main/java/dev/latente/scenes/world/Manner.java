package dev.latente.scenes.world;

/// How a scene is drawn.
public enum Manner {
  /// Clean shapes, no manner to speak of.
  PLAIN,
  /// Visible strokes that swirl in the sky, as Van Gogh painted.
  OIL,
  /// Pale washes with bleeding edges on grainy paper.
  WATERCOLOUR,
  /// Coarse blocks in few colours.
  PIXEL_ART,
  /// Graphite hatching on paper, lightly tinted.
  PENCIL
}
