package dev.latente.scenes.caption;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;

/// Spanish words; adjectives agree with the noun's gender.
final class Spanish implements Words {
  private record Noun(String text, boolean feminine) {
    String article() {
      return feminine ? "una " : "un ";
    }
  }

  @Override
  public String thing(Placed placed, Mention mention, Choice choice) {
    Noun noun = noun(placed.thing(), choice);
    return noun.article() + described(noun, placed, mention, choice);
  }

  @Override
  public String bareThing(Placed placed, Mention mention, Choice choice) {
    return described(noun(placed.thing(), choice), placed, mention, choice);
  }

  private static String described(Noun noun, Placed placed, Mention mention, Choice choice) {
    String coloured =
        mention.colour()
            ? noun.text() + " " + colour(placed.colour(), noun.feminine(), choice)
            : noun.text();
    if (!mention.size()) {
      return coloured;
    }
    boolean before = choice.below(2) == 0;
    return switch (placed.size()) {
      case SMALL -> {
        String small = noun.feminine() ? "pequeña" : "pequeño";
        yield before ? small + " " + coloured : coloured + " " + small;
      }
      case LARGE -> before ? "gran " + coloured : coloured + " grande";
    };
  }

  private static Noun noun(Thing thing, Choice choice) {
    return switch (thing) {
      case BOAT -> choice.below(3) < 2 ? new Noun("barco", false) : new Noun("barca", true);
      case HOUSE -> new Noun("casa", true);
      case TREE -> new Noun("árbol", false);
      case BALLOON -> new Noun(choice.of("globo aerostático", "globo"), false);
      case LIGHTHOUSE -> new Noun("faro", false);
      case CAR -> new Noun(choice.of("coche", "coche", "auto"), false);
      case WINDMILL -> new Noun(choice.of("molino de viento", "molino"), false);
      case CASTLE -> new Noun("castillo", false);
    };
  }

  private static String colour(Colour colour, boolean feminine, Choice choice) {
    return switch (colour) {
      case RED -> feminine ? "roja" : "rojo";
      case ORANGE -> "naranja";
      case YELLOW -> feminine ? "amarilla" : "amarillo";
      case GREEN -> "verde";
      case BLUE -> "azul";
      case PURPLE ->
          choice.of(feminine ? "morada" : "morado", feminine ? "morada" : "morado", "violeta");
      case WHITE -> feminine ? "blanca" : "blanco";
      case BLACK -> feminine ? "negra" : "negro";
    };
  }

  @Override
  public String place(Place place, Choice choice) {
    return switch (place) {
      case LEFT -> choice.of("a la izquierda", "en el lado izquierdo");
      case CENTRE -> choice.of("en el centro", "en medio");
      case RIGHT -> choice.of("a la derecha", "en el lado derecho");
    };
  }

  @Override
  public String barePlace(Place place) {
    return switch (place) {
      case LEFT -> "izquierda";
      case CENTRE -> "centro";
      case RIGHT -> "derecha";
    };
  }

  @Override
  public String where(Ground ground, Footing footing, Choice choice) {
    return switch (ground) {
      case LAKE -> lake(footing, choice);
      case SEA -> sea(footing, choice);
      case MEADOW ->
          footing == Footing.IN_AIR
              ? choice.of(
                  "sobre un prado", "sobre un prado con flores", "sobre una pradera florida")
              : choice.of("en un prado", "en un prado con flores", "en una pradera florida");
      case DESERT ->
          footing == Footing.IN_AIR
              ? choice.of("sobre el desierto", "sobre las dunas")
              : choice.of("en el desierto", "entre las dunas", "en un desierto de arena");
      case MOUNTAINS ->
          footing == Footing.IN_AIR
              ? choice.of("sobre las montañas nevadas", "ante unas montañas nevadas")
              : choice.of(
                  "en las montañas nevadas",
                  "ante unas montañas nevadas",
                  "en la nieve ante las montañas");
    };
  }

  private static String lake(Footing footing, Choice choice) {
    return switch (footing) {
      case IN_AIR ->
          choice.of("sobre un lago tranquilo", "sobre el lago", "sobre un lago en calma");
      case ON_ISLET, ON_LAND ->
          choice.of(
              "en una isla de un lago tranquilo", "en un islote del lago", "en un lago tranquilo");
      case FLOATS ->
          choice.of(
              "en un lago tranquilo",
              "en el lago",
              "sobre un lago en calma",
              "en un lago en calma");
    };
  }

  private static String sea(Footing footing, Choice choice) {
    return switch (footing) {
      case IN_AIR -> choice.of("sobre el mar", "sobre las olas", "sobre un mar con olas");
      case ON_ISLET, ON_LAND ->
          choice.of("en una isla en el mar", "en un islote del mar", "en el mar");
      case FLOATS -> choice.of("en el mar", "sobre las olas", "en un mar con olas");
    };
  }

  @Override
  public String ground(Ground ground, Choice choice) {
    return switch (ground) {
      case LAKE -> choice.of("un lago tranquilo", "el lago", "un lago en calma");
      case SEA -> choice.of("el mar", "un mar con olas");
      case MEADOW -> choice.of("un prado", "un prado con flores", "una pradera florida");
      case DESERT -> choice.of("el desierto", "las dunas", "un desierto de arena");
      case MOUNTAINS -> choice.of("las montañas nevadas", "unas montañas nevadas");
    };
  }

  @Override
  public String bareGround(Ground ground, Choice choice) {
    return switch (ground) {
      case LAKE -> choice.of("lago tranquilo", "lago");
      case SEA -> choice.of("mar", "mar con olas");
      case MEADOW -> choice.of("prado", "prado con flores");
      case DESERT -> choice.of("desierto", "dunas");
      case MOUNTAINS -> choice.of("montañas nevadas", "nieve y montañas");
    };
  }

  @Override
  public String when(TimeOfDay time, Choice choice) {
    return switch (time) {
      case DAWN -> choice.of("al amanecer", "al alba", "al salir el sol");
      case NOON -> choice.of("al mediodía", "a mediodía", "en un día de sol");
      case SUNSET ->
          choice.of("al atardecer", "al atardecer", "a la puesta de sol", "al ponerse el sol");
      case NIGHT ->
          choice.of(
              "de noche", "por la noche", "a la luz de la luna", "bajo la luna y las estrellas");
    };
  }

  @Override
  public String time(TimeOfDay time, Choice choice) {
    return switch (time) {
      case DAWN -> choice.of("amanecer", "alba");
      case NOON -> "mediodía";
      case SUNSET -> choice.of("atardecer", "puesta de sol");
      case NIGHT -> choice.of("noche", "noche estrellada");
    };
  }

  @Override
  public String manner(Manner manner, Choice choice) {
    return switch (manner) {
      case PLAIN -> "";
      case OIL ->
          choice.of(
              "pintura al óleo",
              "pintura al óleo al estilo de Van Gogh",
              "al estilo de Van Gogh",
              "óleo al estilo de Van Gogh");
      case WATERCOLOUR -> choice.of("acuarela", "pintura en acuarela", "en acuarela");
      case PIXEL_ART -> choice.of("pixel art", "arte de píxeles", "en pixel art");
      case PENCIL -> choice.of("dibujo a lápiz", "boceto a lápiz", "a lápiz");
    };
  }

  @Override
  public String pictureOf(Manner manner, Choice choice) {
    return switch (manner) {
      case PLAIN -> choice.of("una imagen de", "una ilustración de");
      case OIL -> choice.of("una pintura al óleo de", "un cuadro al estilo de Van Gogh de");
      case WATERCOLOUR -> choice.of("una acuarela de", "una pintura en acuarela de");
      case PIXEL_ART -> choice.of("pixel art de", "una imagen en pixel art de");
      case PENCIL -> choice.of("un dibujo a lápiz de", "un boceto a lápiz de");
    };
  }

  @Override
  public String and() {
    return "y";
  }

  @Override
  public String with() {
    return "con";
  }

  @Override
  public String over() {
    return "sobre";
  }
}
