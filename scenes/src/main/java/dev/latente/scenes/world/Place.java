package dev.latente.scenes.world;

/// Which third of the picture a thing is in.
public enum Place {
  LEFT,
  CENTRE,
  RIGHT
}
