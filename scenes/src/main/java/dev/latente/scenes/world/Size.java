package dev.latente.scenes.world;

/// How large a thing is in the picture; a large one also stands nearer.
public enum Size {
  SMALL,
  LARGE
}
