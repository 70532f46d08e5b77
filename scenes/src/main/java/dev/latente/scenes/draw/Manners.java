package dev.latente.scenes.draw;

/// Redraws a plain picture in the manner of its scene.
final class Manners {
  private Manners() {}

  static Pixels apply(Drawn drawn) {
    return switch (drawn.stage().scene().manner()) {
      case PLAIN -> drawn.plain();
      case OIL -> OilPaint.paint(drawn);
      case WATERCOLOUR -> Watercolour.paint(drawn);
      case PIXEL_ART -> PixelArt.paint(drawn);
      case PENCIL -> Pencil.draw(drawn);
    };
  }
}
