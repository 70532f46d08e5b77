package dev.latente.scenes.world;

/// The fixed rule by which about 5 % of the combinations thing × colour × ground × time × manner
/// are kept out of training. A scene is held out when any of its things is; size and place play no
/// part, so a combination is unseen in all of them.
public final class HeldOut {
  private static final int ONE_IN = 20;

  private HeldOut() {}

  /// Whether training never sees this scene's combination.
  public static boolean contains(Scene scene) {
    for (Placed placed : scene.things()) {
      if (contains(placed.thing(), placed.colour(), scene.ground(), scene.time(), scene.manner())) {
        return true;
      }
    }
    return false;
  }

  /// Whether training never sees this combination.
  public static boolean contains(
      Thing thing, Colour colour, Ground ground, TimeOfDay time, Manner manner) {
    String key = thing + "/" + colour + "/" + ground + "/" + time + "/" + manner;
    return Long.remainderUnsigned(mix(fnv1a(key)), ONE_IN) == 0;
  }

  // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
  private static long fnv1a(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  // The finaliser of splitmix64 (Steele, Lea & Flood 2014).
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
