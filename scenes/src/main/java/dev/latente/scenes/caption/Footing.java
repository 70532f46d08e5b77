package dev.latente.scenes.caption;

import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Thing;

/// How a thing is related to the ground, which decides the preposition.
enum Footing {
  FLOATS,
  ON_ISLET,
  ON_LAND,
  IN_AIR;

  static Footing of(Thing thing, Ground ground) {
    if (thing.flies()) {
      return IN_AIR;
    } else if (!ground.water()) {
      return ON_LAND;
    }
    return thing == Thing.BOAT ? FLOATS : ON_ISLET;
  }
}
