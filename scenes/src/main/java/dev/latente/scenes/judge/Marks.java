package dev.latente.scenes.judge;

import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How well pictures show what was asked for, attribute by attribute.
///
/// Of two things in a picture each counts.
///
/// @param shares of every attribute
public record Marks(Map<Attribute, Share> shares) {
  /// Of no pictures.
  public static final Marks NONE = new Marks(Map.of());

  public Marks {
    Map<Attribute, Share> all = new EnumMap<>(Attribute.class);
    for (Attribute attribute : Attribute.values()) {
      all.put(attribute, shares.getOrDefault(attribute, Share.NONE));
    }
    shares = Collections.unmodifiableMap(all);
  }

  /// Compares what one picture shows with what was asked for.
  public static Marks of(Scene asked, Judgement seen) {
    Map<Attribute, Share> shares = new EnumMap<>(Attribute.class);
    mark(shares, Attribute.TIME, seen.time() == asked.time());
    mark(shares, Attribute.GROUND, seen.ground() == asked.ground());
    mark(shares, Attribute.MANNER, seen.manner() == asked.manner());
    List<Judgement.Seen> likeliest = seen.likeliest(asked.things().size());
    boolean bound = true;
    for (Placed placed : asked.things()) {
      Optional<Judgement.Seen> found =
          likeliest.stream().filter(thing -> thing.thing() == placed.thing()).findFirst();
      boolean colour = found.filter(thing -> thing.colour() == placed.colour()).isPresent();
      mark(shares, Attribute.THING, found.isPresent());
      mark(shares, Attribute.COLOUR, colour);
      mark(
          shares,
          Attribute.PLACE,
          found.filter(thing -> thing.place() == placed.place()).isPresent());
      bound &= colour;
    }
    if (asked.things().size() > 1) { // one thing's colour cannot be another's
      mark(shares, Attribute.BINDING, bound);
    }
    return new Marks(shares);
  }

  private static void mark(Map<Attribute, Share> shares, Attribute attribute, boolean right) {
    shares.merge(attribute, new Share(right ? 1 : 0, 1), Share::plus);
  }

  /// These pictures and the others together.
  public Marks plus(Marks other) {
    Map<Attribute, Share> sums = new EnumMap<>(shares);
    other.shares.forEach((attribute, share) -> sums.merge(attribute, share, Share::plus));
    return new Marks(sums);
  }

  /// Whether all things that were asked for are there, each in its own colour.
  boolean isColoured() {
    return share(Attribute.COLOUR).value() == 1;
  }

  /// The share of `attribute`.
  public Share share(Attribute attribute) {
    return shares.getOrDefault(attribute, Share.NONE);
  }
}
