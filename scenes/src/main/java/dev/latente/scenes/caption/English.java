package dev.latente.scenes.caption;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;

/// English words, in British and American spelling.
final class English implements Words {
  @Override
  public String thing(Placed placed, Mention mention, Choice choice) {
    String bare = bareThing(placed, mention, choice);
    return ("aeiou".indexOf(bare.charAt(0)) >= 0 ? "an " : "a ") + bare;
  }

  @Override
  public String bareThing(Placed placed, Mention mention, Choice choice) {
    String size = mention.size() ? size(placed.size(), choice) + " " : "";
    String colour = mention.colour() ? colour(placed.colour(), choice) + " " : "";
    return size + colour + noun(placed.thing(), choice);
  }

  private static String noun(Thing thing, Choice choice) {
    return switch (thing) {
      case BOAT -> choice.of("boat", "boat", "fishing boat");
      case HOUSE -> "house";
      case TREE -> "tree";
      case BALLOON -> choice.of("hot-air balloon", "hot air balloon", "balloon");
      case LIGHTHOUSE -> "lighthouse";
      case CAR -> "car";
      case WINDMILL -> "windmill";
      case CASTLE -> "castle";
    };
  }

  private static String colour(Colour colour, Choice choice) {
    return switch (colour) {
      case RED -> "red";
      case ORANGE -> "orange";
      case YELLOW -> "yellow";
      case GREEN -> "green";
      case BLUE -> "blue";
      case PURPLE -> choice.of("purple", "purple", "violet");
      case WHITE -> "white";
      case BLACK -> "black";
    };
  }

  private static String size(Size size, Choice choice) {
    return switch (size) {
      case SMALL -> choice.of("small", "small", "little");
      case LARGE -> choice.of("large", "big");
    };
  }

  @Override
  public String place(Place place, Choice choice) {
    return switch (place) {
      case LEFT -> choice.of("on the left", "to the left", "on the left side");
      case CENTRE -> choice.of("in the centre", "in the middle", "in the center");
      case RIGHT -> choice.of("on the right", "to the right", "on the right side");
    };
  }

  @Override
  public String barePlace(Place place) {
    return switch (place) {
      case LEFT -> "left";
      case CENTRE -> "centre";
      case RIGHT -> "right";
    };
  }

  @Override
  public String where(Ground ground, Footing footing, Choice choice) {
    return switch (ground) {
      case LAKE -> lake(footing, choice);
      case SEA -> sea(footing, choice);
      case MEADOW ->
          footing == Footing.IN_AIR
              ? choice.of("over a meadow", "above a flowery meadow", "over a field of flowers")
              : choice.of("in a meadow", "in a flowery meadow", "in a field of flowers");
      case DESERT ->
          footing == Footing.IN_AIR
              ? choice.of("over the desert", "above the dunes", "over sand dunes")
              : choice.of("in the desert", "among the dunes", "in a sandy desert");
      case MOUNTAINS ->
          footing == Footing.IN_AIR
              ? choice.of("over snowy mountains", "in front of snowy mountains")
              : choice.of(
                  "in the snowy mountains",
                  "in front of snowy mountains",
                  "in the snow before the mountains");
    };
  }

  private static String lake(Footing footing, Choice choice) {
    return switch (footing) {
      case IN_AIR -> choice.of("over a calm lake", "above the lake", "over a still lake");
      case ON_ISLET, ON_LAND ->
          choice.of("on an island in a calm lake", "on an islet in the lake", "on a calm lake");
      case FLOATS ->
          choice.of(
              "on a calm lake", "on the lake", "on a still lake", "on the calm water of a lake");
    };
  }

  private static String sea(Footing footing, Choice choice) {
    return switch (footing) {
      case IN_AIR -> choice.of("over the sea", "above the waves", "over a wavy sea");
      case ON_ISLET, ON_LAND ->
          choice.of("on an island in the sea", "on an islet in a wavy sea", "in the sea");
      case FLOATS -> choice.of("on the sea", "at sea", "on the waves", "on a wavy sea");
    };
  }

  @Override
  public String ground(Ground ground, Choice choice) {
    return switch (ground) {
      case LAKE -> choice.of("a calm lake", "the lake", "a still lake");
      case SEA -> choice.of("the sea", "a wavy sea", "the open sea");
      case MEADOW -> choice.of("a meadow", "a flowery meadow", "a field of flowers");
      case DESERT -> choice.of("the desert", "sand dunes", "a sandy desert");
      case MOUNTAINS -> choice.of("snowy mountains", "the snowy mountains");
    };
  }

  @Override
  public String bareGround(Ground ground, Choice choice) {
    return switch (ground) {
      case LAKE -> choice.of("calm lake", "lake");
      case SEA -> choice.of("sea", "waves", "wavy sea");
      case MEADOW -> choice.of("meadow", "flowery meadow");
      case DESERT -> choice.of("desert", "sand dunes");
      case MOUNTAINS -> choice.of("snowy mountains", "snow and mountains");
    };
  }

  @Override
  public String when(TimeOfDay time, Choice choice) {
    return switch (time) {
      case DAWN -> choice.of("at dawn", "at sunrise", "in the early morning");
      case NOON -> choice.of("at noon", "at midday", "on a sunny day");
      case SUNSET -> choice.of("at sunset", "at sunset", "at sundown", "as the sun goes down");
      case NIGHT ->
          choice.of(
              "at night", "in the moonlight", "under the moon and stars", "on a starry night");
    };
  }

  @Override
  public String time(TimeOfDay time, Choice choice) {
    return switch (time) {
      case DAWN -> choice.of("dawn", "sunrise");
      case NOON -> choice.of("noon", "midday");
      case SUNSET -> choice.of("sunset", "sundown");
      case NIGHT -> choice.of("night", "starry night");
    };
  }

  @Override
  public String manner(Manner manner, Choice choice) {
    return switch (manner) {
      case PLAIN -> "";
      case OIL ->
          choice.of(
              "oil painting",
              "oil painting in the style of Van Gogh",
              "in the style of Van Gogh",
              "painted in oil");
      case WATERCOLOUR ->
          choice.of("watercolour", "watercolor", "watercolour painting", "watercolor painting");
      case PIXEL_ART -> choice.of("pixel art", "8-bit pixel art", "in pixel art");
      case PENCIL -> choice.of("pencil drawing", "pencil sketch", "drawn in pencil");
    };
  }

  @Override
  public String pictureOf(Manner manner, Choice choice) {
    return switch (manner) {
      case PLAIN -> choice.of("a picture of", "an image of", "an illustration of");
      case OIL -> choice.of("an oil painting of", "a painting in the style of Van Gogh of");
      case WATERCOLOUR -> choice.of("a watercolour of", "a watercolor painting of");
      case PIXEL_ART -> choice.of("pixel art of", "a pixel art picture of");
      case PENCIL -> choice.of("a pencil drawing of", "a pencil sketch of");
    };
  }

  @Override
  public String and() {
    return "and";
  }

  @Override
  public String with() {
    return "with";
  }

  @Override
  public String over() {
    return "over";
  }
}
