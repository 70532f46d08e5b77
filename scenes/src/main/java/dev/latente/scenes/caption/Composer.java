package dev.latente.scenes.caption;

import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import java.util.ArrayList;
import java.util.List;

/// Puts the words of a language together in one of several orders.
record Composer(Scene scene, Words words, Mention mention, Choice choice) {
  /// The orders that words come in.
  enum Order {
    /// "a red boat on a calm lake at sunset, oil painting"
    THINGS_FIRST,
    /// "an oil painting of a red boat on a calm lake at sunset"
    PICTURE_OF,
    /// "sunset over a calm lake, a red boat on the left, oil painting"
    TIME_OVER_GROUND,
    /// "at sunset, a red boat on a calm lake, oil painting"
    TIME_FIRST,
    /// "a calm lake at sunset with a red boat, oil painting"
    GROUND_WITH,
    /// "oil painting, red boat, calm lake, sunset, left"
    LIST
  }

  String text(Order order) {
    return switch (order) {
      case THINGS_FIRST -> joined(", ", located(true), manner());
      case PICTURE_OF -> words.pictureOf(scene.manner(), choice) + " " + located(true);
      case TIME_OVER_GROUND ->
          joined(
              ", ",
              words.time(scene.time(), choice)
                  + " "
                  + words.over()
                  + " "
                  + words.ground(scene.ground(), choice),
              things(),
              manner());
      case TIME_FIRST -> joined(", ", words.when(scene.time(), choice), located(false), manner());
      case GROUND_WITH ->
          joined(
              ", ",
              joined(" ", words.ground(scene.ground(), choice), when())
                  + " "
                  + words.with()
                  + " "
                  + things(),
              manner());
      case LIST -> list();
    };
  }

  // The things, where they are in the picture and in the world, and when.
  private String located(boolean withTime) {
    String things = things();
    String time = withTime ? when() : "";
    if (!mention.ground()) {
      return joined(mention.place() ? ", " : " ", things, time);
    }
    Placed first = scene.things().getFirst();
    Footing footing = Footing.of(first.thing(), scene.ground());
    boolean same = Footing.of(scene.things().getLast().thing(), scene.ground()) == footing;
    String ground =
        same ? words.where(scene.ground(), footing, choice) : words.ground(scene.ground(), choice);
    return things + (same && !mention.place() ? " " : ", ") + joined(" ", ground, time);
  }

  private String things() {
    List<String> parts = new ArrayList<>();
    for (Placed placed : scene.things()) {
      String thing = words.thing(placed, mention, choice);
      parts.add(mention.place() ? thing + " " + words.place(placed.place(), choice) : thing);
    }
    return String.join(" " + words.and() + " ", parts);
  }

  private String list() {
    List<String> parts = new ArrayList<>();
    for (Placed placed : scene.things()) {
      parts.add(words.bareThing(placed, mention, choice));
      if (mention.place()) {
        parts.add(words.barePlace(placed.place()));
      }
    }
    if (mention.ground()) {
      parts.add(words.bareGround(scene.ground(), choice));
    }
    if (mention.time()) {
      parts.add(words.time(scene.time(), choice));
    }
    parts.add(manner());
    return joined(", ", parts.toArray(String[]::new));
  }

  private String when() {
    return mention.time() ? words.when(scene.time(), choice) : "";
  }

  private String manner() {
    return words.manner(scene.manner(), choice);
  }

  private static String joined(String between, String... parts) {
    List<String> kept = new ArrayList<>();
    for (String part : parts) {
      if (!part.isEmpty()) {
        kept.add(part);
      }
    }
    return String.join(between, kept);
  }
}
