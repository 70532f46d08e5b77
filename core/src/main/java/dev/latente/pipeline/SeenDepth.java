package dev.latente.pipeline;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;

/// The depth of what is drawn, which is not always that of the whole picture to begin with.
final class SeenDepth {
  private SeenDepth() {}

  /// The depth that `request` brings, as it lies on the canvas: where only a part of the picture is
  /// drawn, or more than it, the map is cut or grown with it.
  static DepthSource of(ImageRequest request) {
    DepthSource whole = request.depth().orElseThrow();
    return request
        .start()
        .map(start -> Canvas.of(start, request.width(), request.height()))
        .filter(canvas -> moves(canvas, whole))
        .map(canvas -> seen(whole, canvas))
        .orElse(whole);
  }

  /// Whether it is not just stretched over what is drawn.
  private static boolean moves(Canvas canvas, DepthSource depth) {
    return switch (depth) {
      case DepthSource.Map(GreyPicture map) -> canvas.moves(map.width(), map.height());
      case DepthSource.Estimated(_, Picture of) -> canvas.moves(of.width(), of.height());
    };
  }

  private static DepthSource seen(DepthSource source, Canvas canvas) {
    GreyPicture whole =
        switch (source) {
          case DepthSource.Map(GreyPicture map) -> map;
          case DepthSource.Estimated(DepthEstimator by, Picture of) -> by.nearness(of);
        };
    Picture part = canvas.seen(whole.toPicture());
    float[] values = new float[part.width() * part.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (part.at(i % part.width(), i / part.width()) & 0xff) / 255f;
    }
    return new DepthSource.Map(GreyPicture.ofFloats(part.width(), part.height(), values));
  }
}
