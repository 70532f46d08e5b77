package dev.latente.scenes.world;

/// The colour of a thing's body: a boat's hull, a house's walls, a tree's crown.
public enum Colour {
  RED(0xD92B27),
  ORANGE(0xF2831A),
  YELLOW(0xF7D42A),
  GREEN(0x2C9A46),
  BLUE(0x2563DB),
  PURPLE(0x8B3CC4),
  WHITE(0xF5F3EE),
  BLACK(0x24252B);

  private final int rgb;

  Colour(int rgb) {
    this.rgb = rgb;
  }

  /// The colour in white light, `0xRRGGBB`.
  public int rgb() {
    return rgb;
  }
}
