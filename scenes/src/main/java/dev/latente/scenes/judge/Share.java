package dev.latente.scenes.judge;

/// How many of how many are right.
public record Share(int right, int count) {
  /// Nothing right of nothing.
  static final Share NONE = new Share(0, 0);

  public Share {
    if (right < 0 || right > count) {
      throw new IllegalArgumentException(
          "need 0 <= right <= count: %d of %d".formatted(right, count));
    }
  }

  /// These and the others together.
  Share plus(Share other) {
    return new Share(right + other.right, count + other.count);
  }

  /// The share that is right, 0 to 1; 0 of nothing.
  public double value() {
    return count == 0 ? 0 : (double) right / count;
  }
}
