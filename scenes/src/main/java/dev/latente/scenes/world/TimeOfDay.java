package dev.latente.scenes.world;

/// The time of day of a scene: decides sky, sun or moon, and the light on everything.
public enum TimeOfDay {
  DAWN,
  NOON,
  SUNSET,
  NIGHT
}
