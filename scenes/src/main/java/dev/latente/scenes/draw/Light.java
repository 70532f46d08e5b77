package dev.latente.scenes.draw;

import dev.latente.scenes.world.TimeOfDay;

/// The light of a time of day.
///
/// @param top the sky's colour at the top
/// @param middle the sky's colour halfway
/// @param low the sky's colour at the horizon
/// @param sun the colour of sun or moon
/// @param cloud the colour of clouds
/// @param onGround what the ground's colours are multiplied by
/// @param onThings what the things' colours are multiplied by, milder so that a thing keeps its
///   colour
record Light(
    Rgb top,
    Rgb middle,
    Rgb low,
    Rgb sun,
    Rgb cloud,
    Rgb onGround,
    Rgb onThings,
    boolean windowsLit) {

  private static final Light DAWN =
      new Light(
          Rgb.of(0x8C9FDB),
          Rgb.of(0xE9B4CF),
          Rgb.of(0xFFE3B8),
          Rgb.of(0xFFF3C9),
          Rgb.of(0xFBD3DA),
          new Rgb(0.92, 0.82, 0.86),
          new Rgb(0.97, 0.91, 0.95),
          false);
  private static final Light NOON =
      new Light(
          Rgb.of(0x2B82DE),
          Rgb.of(0x67B3F2),
          Rgb.of(0xC9EAFB),
          Rgb.of(0xFFFBE0),
          Rgb.of(0xFFFFFF),
          new Rgb(1, 1, 1),
          new Rgb(1, 1, 1),
          false);
  private static final Light SUNSET =
      new Light(
          Rgb.of(0x47308A),
          Rgb.of(0xD94F58),
          Rgb.of(0xFFB040),
          Rgb.of(0xFFE27A),
          Rgb.of(0x8C3B6E),
          new Rgb(0.88, 0.62, 0.50),
          new Rgb(1.0, 0.89, 0.85),
          false);
  private static final Light NIGHT =
      new Light(
          Rgb.of(0x060B26),
          Rgb.of(0x122450),
          Rgb.of(0x2C4A80),
          Rgb.of(0xFBF6D9),
          Rgb.of(0x263A6B),
          new Rgb(0.36, 0.39, 0.58),
          new Rgb(0.77, 0.75, 0.86),
          true);

  static Light of(TimeOfDay time) {
    return switch (time) {
      case DAWN -> DAWN;
      case NOON -> NOON;
      case SUNSET -> SUNSET;
      case NIGHT -> NIGHT;
    };
  }

  /// The ground's colour in this light.
  Rgb ground(int rgb) {
    return Rgb.of(rgb).times(onGround);
  }

  /// The colour of water in this light: dimmed as the ground, and tinted by the sky.
  Rgb water(int rgb) {
    return Rgb.of(rgb)
        .times(onGround.mix(Rgb.WHITE.times(onGround.luminance()), 0.6))
        .mix(middle.mix(top, 0.55), 0.34);
  }

  /// The colour of snow in this light, tinted by the sky.
  Rgb snow(int rgb) {
    Rgb sky = Rgb.of(rgb).times(middle.mix(Rgb.WHITE, 0.55));
    return ground(rgb).mix(sky, 0.35);
  }
}
