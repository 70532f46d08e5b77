package dev.latente.scenes.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A scene of the drawn world; the seed decides what the attributes leave open (clouds, waves,
/// exact places).
///
/// A scene has one or two things. Two things differ in kind, colour and place, and when one of them
/// is large they stand left and right.
public record Scene(TimeOfDay time, Ground ground, List<Placed> things, Manner manner, long seed) {
  private static final double TWO_THINGS = 0.3;

  public Scene {
    things = List.copyOf(things);
    if (things.isEmpty() || things.size() > 2) {
      throw new IllegalArgumentException("a scene needs one or two things: " + things.size());
    }
    for (Placed placed : things) {
      if (!placed.thing().fits(ground)) {
        throw new IllegalArgumentException(
            "a " + placed.thing() + " cannot be on this ground: " + ground);
      }
    }
    if (things.size() == 2 && things.get(0).place() == things.get(1).place()) {
      throw new IllegalArgumentException(
          "two things need two places, found both at " + things.get(0).place());
    }
  }

  /// A scene to train on: never a held-out combination.
  public static Scene random(long seed) {
    return draw(seed, false);
  }

  /// A scene of a held-out combination.
  public static Scene heldOut(long seed) {
    return draw(seed, true);
  }

  private static Scene draw(long seed, boolean heldOut) {
    SplittableRandom random = new SplittableRandom(seed);
    while (true) {
      Scene scene = draw(random, seed);
      if (HeldOut.contains(scene) == heldOut) {
        return scene;
      }
    }
  }

  private static Scene draw(SplittableRandom random, long seed) {
    TimeOfDay time = pick(TimeOfDay.values(), random);
    Ground ground = pick(Ground.values(), random);
    Manner manner = manner(random.nextDouble());
    List<Placed> things = new ArrayList<>();
    Placed first = placed(ground, random);
    if (random.nextDouble() < TWO_THINGS) {
      if (first.place() == Place.CENTRE && first.size() == Size.LARGE) {
        first = new Placed(first.thing(), first.colour(), Size.SMALL, first.place());
      }
      things.add(first);
      things.add(second(first, ground, random));
    } else {
      things.add(first);
    }
    return new Scene(time, ground, things, manner, seed);
  }

  private static Placed placed(Ground ground, SplittableRandom random) {
    Thing thing;
    do {
      thing = pick(Thing.values(), random);
    } while (!thing.fits(ground));
    return new Placed(
        thing,
        pick(Colour.values(), random),
        pick(Size.values(), random),
        pick(Place.values(), random));
  }

  private static Placed second(Placed first, Ground ground, SplittableRandom random) {
    while (true) {
      Placed other = placed(ground, random);
      boolean large = first.size() == Size.LARGE || other.size() == Size.LARGE;
      boolean central = first.place() == Place.CENTRE || other.place() == Place.CENTRE;
      boolean differs =
          other.thing() != first.thing()
              && other.colour() != first.colour()
              && other.place() != first.place();
      if (differs && !(large && central)) {
        return other;
      }
    }
  }

  private static Manner manner(double u) {
    if (u < 0.5) {
      return Manner.PLAIN;
    } else if (u < 0.64) {
      return Manner.OIL;
    } else if (u < 0.76) {
      return Manner.WATERCOLOUR;
    } else if (u < 0.88) {
      return Manner.PIXEL_ART;
    }
    return Manner.PENCIL;
  }

  private static <T> T pick(T[] values, SplittableRandom random) {
    return values[random.nextInt(values.length)];
  }
}
