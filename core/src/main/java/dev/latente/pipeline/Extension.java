package dev.latente.pipeline;

import dev.latente.image.Picture;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// By how much a picture is to grow on each side; what is new is drawn.
///
/// @param left columns more at the left, 0 to 8192; likewise the others
/// @param overlap how far drawing reaches into the old picture, less and less, so that both fit: 0
///   to 1024 pixels
public record Extension(int left, int top, int right, int bottom, int overlap) {
  /// The usual overlap, in pixels.
  public static final int USUAL_OVERLAP = 32;

  private static final int MAX_OVERLAP = 1024;

  private static final List<String> PARTS = List.of("left", "top", "right", "bottom", "overlap");

  private static final Pattern PART = Pattern.compile("([a-z]+)\\s*=\\s*(\\d{1,6})");

  /// Checks every number.
  ///
  /// @throws IllegalArgumentException if one is out of its range, or no side grows
  public Extension {
    int most = Math.max(Math.max(left, right), Math.max(top, bottom));
    int least = Math.min(Math.min(left, right), Math.min(top, bottom));
    if (least < 0 || most > ImageRequest.MAX_SIDE || most == 0) {
      throw new IllegalArgumentException(
          "a picture is extended by 0 to %d pixels at each side, and at one at least: left=%d, top=%d,"
                  .formatted(ImageRequest.MAX_SIDE, left, top)
              + " right=%d, bottom=%d".formatted(right, bottom));
    }
    if (overlap < 0 || overlap > MAX_OVERLAP) {
      throw new IllegalArgumentException(
          "overlap must be from 0 to %d pixels: %d".formatted(MAX_OVERLAP, overlap));
    }
  }

  /// Reads `left=128,top=64`, in which any of the sides and the `overlap` may stand.
  ///
  /// @throws IllegalArgumentException if it is not in that form, or a number is out of its range
  public static Extension parse(String text) {
    int[] numbers = {0, 0, 0, 0, USUAL_OVERLAP};
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part.strip().toLowerCase(Locale.ROOT));
      if (!matcher.matches() || !PARTS.contains(matcher.group(1))) {
        throw new IllegalArgumentException(
            "an extension must be such as left=128,top=64,right=0,bottom=0,overlap=32: '%s'"
                .formatted(text));
      }
      numbers[PARTS.indexOf(matcher.group(1))] = Integer.parseInt(matcher.group(2));
    }
    return new Extension(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
  }

  /// The same, grown a little more where the sides of `picture` would not become multiples of
  /// [ImageRequest#MULTIPLE]: at the right and at the bottom, or if only the other side grows,
  /// there.
  public Extension rounded(Picture picture) {
    int across = missing(picture.width() + left + right);
    int down = missing(picture.height() + top + bottom);
    boolean atLeft = left > 0 && right == 0;
    boolean atTop = top > 0 && bottom == 0;
    return new Extension(
        left + (atLeft ? across : 0),
        top + (atTop ? down : 0),
        right + (atLeft ? 0 : across),
        bottom + (atTop ? 0 : down),
        overlap);
  }

  private static int missing(int side) {
    return Math.floorMod(-side, ImageRequest.MULTIPLE);
  }

  /// `picture`, grown; its outermost pixels go on in what is new.
  Picture grown(Picture picture) {
    return picture.extended(left, top, right, bottom);
  }

  /// Where a picture of that size, grown, is to be drawn: white what is new, and greyer and greyer
  /// into the old.
  Picture mask(Picture picture) {
    int width = picture.width() + left + right;
    int height = picture.height() + top + bottom;
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width - left;
      int y = i / 3 / width - top;
      int depth =
          Math.min(depth(x, left, picture.width(), right), depth(y, top, picture.height(), bottom));
      rgb[i] = (byte) (depth > overlap ? 0 : 255 - 255 * depth / (overlap + 1));
    }
    return Picture.of(width, height, rgb);
  }

  /// How many pixels `at` lies inside of a side that grows: 0 outside, 1 the outermost old one.
  private static int depth(int at, int before, int length, int after) {
    int fromStart = before > 0 ? at + 1 : Integer.MAX_VALUE;
    int fromEnd = after > 0 ? length - at : Integer.MAX_VALUE;
    return Math.max(0, Math.min(fromStart, fromEnd));
  }

  @Override
  public String toString() {
    return "left=%d,top=%d,right=%d,bottom=%d,overlap=%d"
        .formatted(left, top, right, bottom, overlap);
  }
}
