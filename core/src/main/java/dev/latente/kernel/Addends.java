package dev.latente.kernel;

/// What is added to the sums of a product, one after the other.
///
/// @param bias address of a number for each channel
/// @param perPicture bytes from a picture's bias to the next one's, 0 if they share it
/// @param other address of numbers laid out as the results, 0 if there are none
public record Addends(long bias, long perPicture, long other) {
  /// A bias for all.
  public static Addends of(long bias) {
    return new Addends(bias, 0, 0);
  }

  /// The bias of a picture, from `channel` on.
  long bias(int picture, int channel) {
    return bias + picture * perPicture + (long) channel * Float.BYTES;
  }

  /// What is added to the number `index` of the results, 0 if there is nothing.
  long other(long index) {
    return other == 0 ? 0 : other + index * Float.BYTES;
  }
}
