package dev.latente.scenes.caption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CaptionsTest {
  // Words that only a scene with the attribute may use, in both languages.
  private static final Map<Enum<?>, String> LEXICON =
      Map.ofEntries(
          Map.entry(Thing.BOAT, "boat|fishing|barco|barca"),
          Map.entry(Thing.HOUSE, "house|casa"),
          Map.entry(Thing.TREE, "tree|árbol"),
          Map.entry(Thing.BALLOON, "balloon|globo"),
          Map.entry(Thing.LIGHTHOUSE, "lighthouse|faro"),
          Map.entry(Thing.CAR, "car|coche|auto"),
          Map.entry(Thing.WINDMILL, "windmill|molino"),
          Map.entry(Thing.CASTLE, "castle|castillo"),
          Map.entry(Colour.RED, "red|roj[oa]"),
          Map.entry(Colour.ORANGE, "orange|naranja"),
          Map.entry(Colour.YELLOW, "yellow|amarill[oa]"),
          Map.entry(Colour.GREEN, "green|verde"),
          Map.entry(Colour.BLUE, "blue|azul"),
          Map.entry(Colour.PURPLE, "purple|violet|morad[oa]|violeta"),
          Map.entry(Colour.WHITE, "white|blanc[oa]"),
          Map.entry(Colour.BLACK, "black|negr[oa]"),
          Map.entry(Size.SMALL, "small|little|pequeñ[oa]"),
          Map.entry(Size.LARGE, "large|big|gran|grande"),
          Map.entry(Place.LEFT, "left|izquierd[oa]"),
          Map.entry(Place.CENTRE, "centre|center|middle|centro|medio"),
          Map.entry(Place.RIGHT, "right|derech[oa]"),
          Map.entry(Ground.LAKE, "lake|lago|calm|still|tranquilo|calma"),
          Map.entry(Ground.SEA, "sea|waves|wavy|mar|olas"),
          Map.entry(Ground.MEADOW, "meadow|flowery|flowers|field|prado|pradera|flores|florida"),
          Map.entry(Ground.DESERT, "desert|dunes|sand|sandy|desierto|dunas|arena"),
          Map.entry(Ground.MOUNTAINS, "mountains|snow|snowy|montañas|nieve|nevadas"),
          Map.entry(TimeOfDay.DAWN, "dawn|sunrise|morning|amanecer|alba|salir"),
          Map.entry(TimeOfDay.NOON, "noon|midday|sunny|mediodía|día"),
          Map.entry(TimeOfDay.SUNSET, "sunset|sundown|down|atardecer|puesta|ponerse"),
          Map.entry(
              TimeOfDay.NIGHT, "night|moon|moonlight|starry|stars|noche|luna|estrellas|estrellada"),
          Map.entry(Manner.OIL, "oil|gogh|óleo"),
          Map.entry(Manner.WATERCOLOUR, "watercolour|watercolor|acuarela"),
          Map.entry(Manner.PIXEL_ART, "pixel|art|arte|píxeles"),
          Map.entry(Manner.PENCIL, "pencil|sketch|lápiz|boceto"));

  private static Set<Enum<?>> attributes(Scene scene) {
    Set<Enum<?>> attributes = new HashSet<>(Set.of(scene.time(), scene.ground(), scene.manner()));
    for (Placed placed : scene.things()) {
      attributes.addAll(List.of(placed.thing(), placed.colour(), placed.size(), placed.place()));
    }
    return attributes;
  }

  private static boolean says(String text, Enum<?> attribute) {
    String words = LEXICON.getOrDefault(attribute, "(?!)");
    return Pattern.compile("(?<!\\pL)(" + words + ")(?!\\pL)", Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .find();
  }

  @Test
  void captionsSayNothingThatTheSceneDoesNotShow() {
    for (long seed = 0; seed < 1500; seed++) {
      Scene scene = Scene.random(seed);
      Set<Enum<?>> shown = attributes(scene);
      for (Caption caption : Captions.of(scene)) {
        for (Enum<?> attribute : LEXICON.keySet()) {
          if (says(caption.text(), attribute)) {
            assertThat(shown).as(caption.text()).contains(attribute);
          }
        }
      }
    }
  }

  @Test
  void canonicalCaptionsSayEverything() {
    for (long seed = 0; seed < 500; seed++) {
      Scene scene = Scene.random(seed);
      for (Language language : Language.values()) {
        requireEverything(scene, Captions.canonical(scene, language));
      }
    }
  }

  @Test
  void completeCaptionsSayEverythingInDifferentWords() {
    SplittableRandom random = new SplittableRandom(3);
    Set<Caption> captions = new HashSet<>();
    for (long seed = 0; seed < 500; seed++) {
      Scene scene = Scene.random(seed % 5);
      for (Language language : Language.values()) {
        Caption caption = Captions.complete(scene, language, random);
        requireEverything(scene, caption);
        captions.add(caption);
      }
    }
    assertThat(captions).hasSizeGreaterThan(500);
  }

  @Test
  void unplacedCaptionsSayNeitherPlaceNorSize() {
    SplittableRandom random = new SplittableRandom(4);
    for (long seed = 0; seed < 500; seed++) {
      Scene scene = Scene.random(seed);
      for (Language language : Language.values()) {
        String text = Captions.unplaced(scene, language, random).text();
        for (Placed placed : scene.things()) {
          assertThat(says(text, placed.thing())).as(text).isTrue();
          assertThat(says(text, placed.colour())).as(text).isTrue();
          assertThat(says(text, placed.place())).as(text).isFalse();
          assertThat(says(text, placed.size())).as(text).isFalse();
        }
      }
    }
  }

  private static void requireEverything(Scene scene, Caption caption) {
    for (Enum<?> attribute : attributes(scene)) {
      assertThat(attribute == Manner.PLAIN || says(caption.text(), attribute))
          .as("%s says %s", caption.text(), attribute)
          .isTrue();
    }
  }

  @Test
  void everyCaptionNamesItsThingsAndItsManner() {
    for (long seed = 0; seed < 1000; seed++) {
      Scene scene = Scene.random(seed);
      for (Caption caption : Captions.of(scene)) {
        for (Placed placed : scene.things()) {
          assertThat(says(caption.text(), placed.thing())).as(caption.text()).isTrue();
        }
        assertThat(scene.manner() == Manner.PLAIN || says(caption.text(), scene.manner()))
            .as(caption.text())
            .isTrue();
      }
    }
  }

  @Test
  void spanishAgreesInGender() {
    Pattern phrase =
        Pattern.compile(
            "(una?) (?:(gran|pequeñ[oa])"
                + " )?(barco|barca|casa|árbol|globo|faro|coche|auto|molino|castillo)(?: de viento|"
                + " aerostático)?(?:"
                + " (roj[oa]|naranja|amarill[oa]|verde|azul|morad[oa]|violeta|blanc[oa]|negr[oa]))?(?:"
                + " (pequeñ[oa]|grande))?(?!\\pL)");
    Set<String> feminine = Set.of("barca", "casa");
    int checked = 0;
    for (long seed = 0; seed < 1500; seed++) {
      for (Caption caption : Captions.of(Scene.random(seed))) {
        Matcher m = phrase.matcher(caption.text());
        while (caption.language() == Language.SPANISH && m.find()) {
          boolean isFeminine = feminine.contains(m.group(3));
          assertThat(m.group(1)).as(caption.text()).isEqualTo(isFeminine ? "una" : "un");
          for (int i : new int[] {2, 4, 5}) {
            String adjective = m.group(i) == null ? "" : m.group(i);
            if (adjective.matches("(roj|amarill|morad|blanc|negr|pequeñ)[oa]")) {
              assertThat(adjective.endsWith("a")).as(caption.text()).isEqualTo(isFeminine);
            }
          }
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(8000);
  }

  @Test
  void spanishTableOfGender() {
    Spanish spanish = new Spanish();
    Mention both = new Mention(true, true, false, false, false);
    assertThat(spanish.thing(placed(Thing.HOUSE, Colour.RED, Size.SMALL), both, Choice.first()))
        .isEqualTo("una pequeña casa roja");
    assertThat(spanish.thing(placed(Thing.CAR, Colour.RED, Size.SMALL), both, Choice.first()))
        .isEqualTo("un pequeño coche rojo");
    assertThat(spanish.thing(placed(Thing.BOAT, Colour.YELLOW, Size.LARGE), both, n -> n - 1))
        .isEqualTo("una barca amarilla grande");
    assertThat(spanish.thing(placed(Thing.TREE, Colour.BLACK, Size.LARGE), both, Choice.first()))
        .isEqualTo("un gran árbol negro");
    assertThat(spanish.thing(placed(Thing.BALLOON, Colour.WHITE, Size.SMALL), both, n -> n - 1))
        .isEqualTo("un globo blanco pequeño");
    assertThat(
            spanish.thing(placed(Thing.WINDMILL, Colour.PURPLE, Size.SMALL), both, Choice.first()))
        .isEqualTo("un pequeño molino de viento morado");
  }

  private static Placed placed(Thing thing, Colour colour, Size size) {
    return new Placed(thing, colour, size, Place.LEFT);
  }

  @Test
  void englishArticlesFitTheirNouns() {
    for (long seed = 0; seed < 1000; seed++) {
      for (Caption caption : Captions.of(Scene.random(seed))) {
        if (caption.language() == Language.ENGLISH) {
          assertThat(caption.text())
              .doesNotContainPattern("\\ba [aeiou]")
              .doesNotContainPattern("\\ban [^aeiou]");
        }
        assertThat(caption.text()).doesNotContain("  ").doesNotContain(" ,").doesNotEndWith(",");
      }
    }
  }

  @Test
  void theReadmesPromptIsAUsualCaption() {
    Placed boat = new Placed(Thing.BOAT, Colour.RED, Size.SMALL, Place.LEFT);
    Scene scene = new Scene(TimeOfDay.SUNSET, Ground.LAKE, List.of(boat), Manner.PLAIN, 1);
    SplittableRandom random = new SplittableRandom(1);
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 4000; i++) {
      texts.add(Captions.write(scene, Language.ENGLISH, random).text());
      texts.add(Captions.write(scene, Language.SPANISH, random).text());
    }
    assertThat(texts)
        .contains("a red boat on a calm lake at sunset")
        .contains("un barco rojo en un lago tranquilo al atardecer")
        .hasSizeGreaterThan(1500);
  }

  @Test
  void thereAreSixCaptionsInEachLanguageAllDifferent() {
    for (long seed = 0; seed < 300; seed++) {
      List<Caption> captions = Captions.of(Scene.random(seed));
      assertThat(captions).hasSize(12).doesNotHaveDuplicates();
      assertThat(captions.stream().filter(c -> c.language() == Language.SPANISH)).hasSize(6);
    }
  }
}
