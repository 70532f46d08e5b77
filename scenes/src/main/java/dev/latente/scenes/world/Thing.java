package dev.latente.scenes.world;

/// A thing that a scene shows. A boat needs water and a car needs land; all else may be anywhere,
/// on water on an islet.
public enum Thing {
  BOAT,
  HOUSE,
  TREE,
  BALLOON,
  LIGHTHOUSE,
  CAR,
  WINDMILL,
  CASTLE;

  /// Whether this thing can be on that ground.
  public boolean fits(Ground ground) {
    return switch (this) {
      case BOAT -> ground.water();
      case CAR -> !ground.water();
      case HOUSE, TREE, BALLOON, LIGHTHOUSE, WINDMILL, CASTLE -> true;
    };
  }

  /// Whether this thing is in the sky and not on the ground.
  public boolean flies() {
    return this == BALLOON;
  }
}
