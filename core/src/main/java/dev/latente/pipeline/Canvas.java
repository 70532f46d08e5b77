package dev.latente.pipeline;

import dev.latente.image.Feather;
import dev.latente.image.Fit;
import dev.latente.image.Picture;
import dev.latente.image.Region;
import dev.latente.image.Resampling;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A start picture as it is drawn on: grown, cut to the part around its mask, and brought to size.
///
/// @param whole the picture, grown if it is to be
/// @param wholeMask where it is redrawn; of its size
/// @param region the part that is drawn; all of it if empty
/// @param picture that part at the size that is drawn
/// @param mask of that size, grey: black where the picture is kept
record Canvas(
    StartPicture start,
    Picture whole,
    Optional<Picture> wholeMask,
    Optional<Region> region,
    Picture picture,
    Optional<Picture> mask) {

  /// Pixels with at least this strength, of 255, are pasted as they were drawn; below, the less the
  /// weaker, so that what is hardly redrawn fades into what is kept.
  private static final int OPAQUE = 64;

  /// The canvas for pictures of a size.
  static Canvas of(StartPicture start, int width, int height) {
    Picture whole =
        start.extension().map(more -> more.grown(start.picture())).orElse(start.picture());
    Optional<Picture> wholeMask = mask(start);
    Optional<Region> region =
        wholeMask
            .filter(_ -> start.masking().padding().isPresent())
            .map(mask -> Region.around(mask, start.masking().padding().getAsInt(), width, height));
    return new Canvas(
        start,
        whole,
        wholeMask,
        region,
        drawn(start, region, whole, width, height),
        wholeMask.map(mask -> drawnMask(start, region, mask, width, height)));
  }

  /// A mask without greys has none at another size either, as diffusers has it.
  private static Picture drawnMask(
      StartPicture start, Optional<Region> region, Picture mask, int width, int height) {
    Picture drawn = drawn(start, region, mask, width, height);
    return isSharp(mask) ? sharp(drawn) : drawn;
  }

  private static boolean isSharp(Picture mask) {
    for (byte value : mask.rgb()) {
      if (value != 0 && value != (byte) 255) {
        return false;
      }
    }
    return true;
  }

  private static Picture sharp(Picture mask) {
    byte[] rgb = mask.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (rgb[i] < 0 ? 255 : 0); // 128 and more
    }
    return Picture.of(mask.width(), mask.height(), rgb);
  }

  private static Optional<Picture> mask(StartPicture start) {
    if (start.extension().isEmpty()) {
      return start.mask();
    }
    Extension more = start.extension().get();
    Picture added = more.mask(start.picture());
    Picture black = Picture.black(start.picture().width(), start.picture().height());
    Picture own = more.grown(start.mask().orElse(black));
    return Optional.of(own.lighter(added));
  }

  private static Picture drawn(
      StartPicture start, Optional<Region> region, Picture whole, int width, int height) {
    return region.isPresent()
        ? Fit.FILL.apply(whole.cropped(region.get()), width, height)
        : start.fit().apply(whole, width, height);
  }

  /// A map that guides the drawing, as it lies on the canvas: one of the start picture's size goes
  /// the picture's way, any other is stretched over the whole.
  Picture seen(Picture map) {
    if (isLikeStart(map.width(), map.height())) {
      Picture grown = start.extension().map(more -> more.grown(map)).orElse(map);
      return drawn(start, region, grown, picture.width(), picture.height());
    }
    if (region.isEmpty()) {
      return map.resized(picture.width(), picture.height(), Resampling.LANCZOS);
    }
    Picture stretched = map.resized(whole.width(), whole.height(), Resampling.LANCZOS);
    return drawn(start, region, stretched, picture.width(), picture.height());
  }

  /// Whether a map of that size is not just stretched over what is drawn.
  boolean moves(int width, int height) {
    boolean fitted = start.extension().isPresent() || start.fit() != Fit.STRETCH;
    return region.isPresent() || fitted && isLikeStart(width, height);
  }

  private boolean isLikeStart(int width, int height) {
    return width == start.picture().width() && height == start.picture().height();
  }

  /// What was drawn, with what was not to be redrawn as it was.
  ///
  /// @param drawn of the size that is drawn
  /// @param mark marks the picture before what is kept is put back
  Picture pasted(Picture drawn, UnaryOperator<Picture> mark) {
    if (wholeMask.isEmpty() || !start.masking().paste()) {
      return mark.apply(drawn);
    }
    if (region.isEmpty()) {
      return mark.apply(drawn).over(picture, opacity(mask.orElseThrow()));
    }
    Region part = region.get();
    Picture laid =
        whole.with(Fit.CROP.apply(drawn, part.width(), part.height()), part.x(), part.y());
    return mark.apply(laid).over(whole, opacity(wholeMask.get()));
  }

  private Picture opacity(Picture mask) {
    byte[] rgb = mask.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.min(255, (rgb[i] & 0xff) * 255 / OPAQUE);
    }
    Picture opaque = Picture.of(mask.width(), mask.height(), rgb);
    int feather = start.masking().featherPixels(isSharp(mask));
    return Feather.inwards(opaque, feather).blurred(start.masking().blur());
  }
}
