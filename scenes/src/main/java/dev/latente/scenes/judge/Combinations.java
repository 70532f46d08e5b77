package dev.latente.scenes.judge;

import dev.latente.scenes.world.Scene;

/// Which combinations of attributes are asked for.
public enum Combinations {
  /// Those that training may have shown.
  SHOWN,
  /// Those that training never showed.
  HELD_OUT;

  /// The scene of `seed`.
  Scene scene(long seed) {
    return switch (this) {
      case SHOWN -> Scene.random(seed);
      case HELD_OUT -> Scene.heldOut(seed);
    };
  }
}
