package dev.latente.vae;

import dev.latente.tensor.Tensor;

/// A rectangle of a map's pixels; the ends are exclusive.
record Region(long top, long left, long bottom, long right) {
  /// All of a map `[N, C, H, W]`.
  static Region all(Tensor map) {
    return new Region(0, 0, map.size(2), map.size(3));
  }

  /// With `pixels` more at each side.
  Region grown(long pixels) {
    return new Region(top - pixels, left - pixels, bottom + pixels, right + pixels);
  }

  /// The part that lies in `other`.
  Region within(Region other) {
    return new Region(
        Math.max(top, other.top),
        Math.max(left, other.left),
        Math.min(bottom, other.bottom),
        Math.min(right, other.right));
  }

  /// The same part of a map of twice the size.
  Region doubled() {
    return new Region(2 * top, 2 * left, 2 * bottom, 2 * right);
  }

  /// The least part of a map of half the size that covers it.
  Region halved() {
    return new Region(
        Math.floorDiv(top, 2),
        Math.floorDiv(left, 2),
        Math.ceilDiv(bottom, 2),
        Math.ceilDiv(right, 2));
  }

  /// The same part of a map that begins at the corner of `origin`.
  Region from(Region origin) {
    return new Region(
        top - origin.top, left - origin.left, bottom - origin.top, right - origin.left);
  }

  long height() {
    return bottom - top;
  }

  long width() {
    return right - left;
  }

  /// This part of `map` `[N, C, H, W]`.
  Tensor of(Tensor map) {
    Tensor rows = height() == map.size(2) ? map : map.slice(2, top, bottom);
    return width() == map.size(3) ? rows : rows.slice(3, left, right);
  }
}
