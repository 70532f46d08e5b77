package dev.latente.scenes.judge;

import java.util.List;

/// Sizes of the judge's network.
///
/// @param pictureSize side of the pictures it sees, in pixels, a multiple of 16
/// @param channels of its three levels, at a quarter, an eighth and a sixteenth of that side; each
///   a multiple of 8
/// @param blocks residual blocks of each level
/// @param hidden features of each kind of thing
record JudgeConfig(int pictureSize, List<Integer> channels, List<Integer> blocks, int hidden) {
  static final int LEVELS = 3;

  /// Side of the cells in which things are looked for, in pixels.
  static final int CELL = 8;

  /// The sizes of the judge that comes with the project.
  static final JudgeConfig STANDARD =
      new JudgeConfig(128, List.of(48, 96, 128), List.of(1, 2, 1), 96);

  JudgeConfig {
    channels = List.copyOf(channels);
    blocks = List.copyOf(blocks);
    if (pictureSize <= 0 || pictureSize % 16 != 0) {
      throw new IllegalArgumentException(
          "the judge's picture_size must be a positive multiple of 16: " + pictureSize);
    }
    if (channels.size() != LEVELS || blocks.size() != LEVELS) {
      throw new IllegalArgumentException(
          "the judge needs channels and blocks of %d levels: %s and %s"
              .formatted(LEVELS, channels, blocks));
    }
    if (channels.stream().anyMatch(c -> c <= 0 || c % ResidualBlock.GROUPS != 0)) {
      throw new IllegalArgumentException(
          "the judge's channels must be positive multiples of %d: %s"
              .formatted(ResidualBlock.GROUPS, channels));
    }
    if (hidden <= 0 || blocks.stream().anyMatch(b -> b < 0)) {
      throw new IllegalArgumentException(
          "the judge needs hidden > 0 and blocks >= 0: %d and %s".formatted(hidden, blocks));
    }
  }

  /// Numbers in a picture's feature vector.
  int features() {
    return channels.getLast();
  }
}
