package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;

/// How far a picture is from the one that diffusers drew.
///
/// @param most levels of 255 that a value is off
/// @param share of the values that are off at all
record PictureDifference(int most, double share) {
  /// Both sides compute in single precision and in another order. A value that lies between two
  /// levels may be rounded either way; more than one level off at that rate is no rounding.
  private static final int MOST_LEVELS = 1;

  /// The share of values that may differ at all: errors of 1e-6 move at most 0.05 % of them by a
  /// level, as the fixture's README measured.
  private static final double MOST_DIFFERENT = 0.002;

  static PictureDifference of(Picture drawn, Picture expected) {
    byte[] found = drawn.rgb();
    byte[] wanted = expected.rgb();
    assertThat(found).hasSameSizeAs(wanted);
    int most = 0;
    int different = 0;
    for (int i = 0; i < wanted.length; i++) {
      int levels = Math.abs((found[i] & 0xff) - (wanted[i] & 0xff));
      most = Math.max(most, levels);
      different += levels == 0 ? 0 : 1;
    }
    return new PictureDifference(most, different / (double) wanted.length);
  }

  void isRounding() {
    assertThat(most).as("levels that a value is off").isLessThanOrEqualTo(MOST_LEVELS);
    assertThat(share).as("share of values that are off").isLessThanOrEqualTo(MOST_DIFFERENT);
  }
}
