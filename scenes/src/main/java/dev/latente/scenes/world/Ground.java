package dev.latente.scenes.world;

/// What lies under the sky.
public enum Ground {
  /// Calm water that mirrors the sky, with hills on the far shore.
  LAKE,
  /// Open water with waves.
  SEA,
  /// Rolling grass with flowers.
  MEADOW,
  /// Sand dunes.
  DESERT,
  /// A snow field before snowy peaks.
  MOUNTAINS;

  /// Whether things stand in water: boats float on it, the others stand on an islet.
  public boolean water() {
    return this == LAKE || this == SEA;
  }
}
