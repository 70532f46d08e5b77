package dev.latente.image;

/// A part of a picture.
///
/// @param x the column of its left border
/// @param y the row of its upper border
/// @param width in pixels
/// @param height in pixels
public record Region(int x, int y, int width, int height) {
  /// The part of a picture that holds all that is not black in `mask`, and `padding` pixels around
  /// it, grown to the proportion of `width` to `height` as far as the picture reaches; as
  /// diffusers' `get_crop_region` and A1111's web UI choose it.
  ///
  /// @throws IllegalArgumentException if the mask is black
  public static Region around(Picture mask, int padding, int width, int height) {
    Span across = Span.ofMask(mask, true).grown(padding, mask.width());
    Span down = Span.ofMask(mask, false).grown(padding, mask.height());
    double wanted = (double) width / height;
    if ((double) across.length() / down.length() > wanted) {
      down = down.widened((int) (across.length() / wanted), mask.height());
    } else {
      across = across.widened((int) (down.length() * wanted), mask.width());
    }
    return new Region(across.from(), down.from(), across.length(), down.length());
  }

  /// Columns or rows, without the last.
  private record Span(int from, int to) {
    static Span ofMask(Picture mask, boolean columns) {
      int most = columns ? mask.width() : mask.height();
      int from = most;
      int to = 0;
      for (int i = 0; i < mask.width() * mask.height(); i++) {
        int at = columns ? i % mask.width() : i / mask.width();
        if ((at < from || at >= to) && mask.at(i % mask.width(), i / mask.width()) != 0) {
          from = Math.min(from, at);
          to = Math.max(to, at + 1);
        }
      }
      if (to == 0) {
        throw new IllegalArgumentException("a mask must not be black all over: " + mask);
      }
      return new Span(from, to);
    }

    int length() {
      return to - from;
    }

    Span grown(int padding, int most) {
      return new Span(Math.max(from - padding, 0), (int) Math.min((long) to + padding, most));
    }

    /// Of the length `wanted`, to both sides alike unless there is a border.
    Span widened(int wanted, int most) {
      int more = wanted - length();
      int begin = from - more / 2;
      begin -= Math.max(0, begin + wanted - most);
      begin = Math.max(begin, 0);
      return new Span(begin, Math.min(begin + wanted, most));
    }
  }
}
