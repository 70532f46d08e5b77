package dev.latente.scenes.judge;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.util.List;

/// What the judge sees in a picture.
///
/// @param things every kind of thing, the likeliest first
public record Judgement(TimeOfDay time, Ground ground, Manner manner, List<Seen> things) {
  /// A kind of thing the judge looked for.
  ///
  /// @param probability that the picture shows it, 0 to 1
  /// @param colour the likeliest, if it is there
  /// @param place the likeliest, if it is there
  public record Seen(Thing thing, double probability, Colour colour, Place place) {}

  public Judgement {
    things = List.copyOf(things);
  }

  /// The `count` likeliest things.
  public List<Seen> likeliest(int count) {
    return things.subList(0, count);
  }
}
