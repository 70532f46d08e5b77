package dev.latente.scenes.reader;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Something a caption may tell of a scene: an answer out of a fixed number.
///
/// What stands at a place is asked place by place, as a U-Net asks it point by point: so that
/// colours are bound to their things.
///
/// @param name of the topic, such as `left.colour`
/// @param answers how many there are
/// @param answer the right one, 0 to `answers - 1`
record Topic(String name, int answers, ToIntFunction<Scene> answer) {
  /// All of them, always in this order.
  static List<Topic> all() {
    List<Topic> topics = new ArrayList<>();
    topics.add(new Topic("time", TimeOfDay.values().length, scene -> scene.time().ordinal()));
    topics.add(new Topic("ground", Ground.values().length, scene -> scene.ground().ordinal()));
    topics.add(new Topic("manner", Manner.values().length, scene -> scene.manner().ordinal()));
    for (Place place : Place.values()) {
      topics.add(at(place, "thing", Thing.values().length, Placed::thing));
      topics.add(at(place, "colour", Colour.values().length, Placed::colour));
      topics.add(at(place, "size", Size.values().length, Placed::size));
    }
    return List.copyOf(topics);
  }

  /// What is so of the thing at `place`; answer 0 is that there is none.
  private static Topic at(Place place, String what, int kinds, Function<Placed, Enum<?>> value) {
    return new Topic(
        place.name().toLowerCase(Locale.ROOT) + "." + what,
        kinds + 1,
        scene -> thing(scene, place).map(found -> 1 + value.apply(found).ordinal()).orElse(0));
  }

  private static Optional<Placed> thing(Scene scene, Place place) {
    return scene.things().stream().filter(placed -> placed.place() == place).findFirst();
  }
}
