package dev.latente.scenes.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RendererTest {
  private static Scene noon(Thing thing, Colour colour, Size size, Place place) {
    Ground ground = thing == Thing.BOAT ? Ground.LAKE : Ground.MEADOW;
    List<Placed> things = List.of(new Placed(thing, colour, size, place));
    return new Scene(TimeOfDay.NOON, ground, things, Manner.PLAIN, 5);
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  @Test
  void equalScenesGiveEqualPictures() {
    for (long seed = 0; seed < 40; seed++) {
      Rendering a = Renderer.render(Scene.random(seed), 64, 48);
      Rendering b = Renderer.render(Scene.random(seed), 64, 48);
      assertThat(pixels(a.picture())).isEqualTo(pixels(b.picture()));
      assertThat(a.depth()).isEqualTo(b.depth());
    }
  }

  @Test
  void everyCombinationOfAttributesRendersToItsOwnPicture() {
    Set<Integer> pictures = new HashSet<>();
    int count = 0;
    for (Thing thing : Thing.values()) {
      for (Ground ground : Ground.values()) {
        for (TimeOfDay time : TimeOfDay.values()) {
          for (Manner manner : Manner.values()) {
            if (thing.fits(ground)) {
              Colour colour = Colour.values()[count % 8];
              Placed placed = new Placed(thing, colour, Size.LARGE, Place.CENTRE);
              Scene scene = new Scene(time, ground, List.of(placed), manner, 3);
              pictures.add(Arrays.hashCode(pixels(Renderer.render(scene, 48, 48).picture())));
              count++;
            }
          }
        }
      }
    }
    assertThat(pictures).hasSize(count);
  }

  @Test
  void thingsHaveTheirColourAtNoon() {
    for (Thing thing : Thing.values()) {
      for (Colour colour : Colour.values()) {
        Rendering rendering =
            Renderer.render(noon(thing, colour, Size.LARGE, Place.CENTRE), 96, 96);
        assertThat(share(rendering, colour))
            .as("share of %s in the mask of a %s", colour, thing)
            .isGreaterThan(thing == Thing.WINDMILL ? 0.22 : 0.32);
      }
    }
  }

  // The share of the mask's pixels that look like the colour: by hue, or by lightness for white and
  // black.
  private static double share(Rendering rendering, Colour colour) {
    int[] pixels = pixels(rendering.picture());
    boolean[] mask = rendering.masks().getFirst();
    float[] want = hsb(colour.rgb());
    int alike = 0;
    int all = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        all++;
        float[] hsb = hsb(pixels[i]);
        boolean same =
            switch (colour) {
              case WHITE -> hsb[1] < 0.2 && hsb[2] > 0.6;
              case BLACK -> hsb[2] < 0.4;
              case RED, ORANGE, YELLOW, GREEN, BLUE, PURPLE -> {
                double distance = Math.abs(hsb[0] - want[0]);
                yield Math.min(distance, 1 - distance) < 0.04 && hsb[1] > 0.35;
              }
            };
        alike += same ? 1 : 0;
      }
    }
    return alike / (double) all;
  }

  private static float[] hsb(int rgb) {
    return Color.RGBtoHSB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, null);
  }

  @Test
  void thingsAreAtTheirPlaceAndLargeOnesAreLarger() {
    for (Thing thing : Thing.values()) {
      for (Place place : Place.values()) {
        double small = centre(noon(thing, Colour.RED, Size.SMALL, place))[1];
        double[] large = centre(noon(thing, Colour.RED, Size.LARGE, place));
        double third = (large[0] * 3) - place.ordinal();
        assertThat(third).as("%s %s", thing, place).isBetween(0.0, 1.0);
        assertThat(large[1]).isGreaterThan(2 * small);
      }
    }
  }

  // The mask's centre as a share of the width, and its area in pixels.
  private static double[] centre(Scene scene) {
    boolean[] mask = Renderer.render(scene, 96, 96).masks().getFirst();
    double sum = 0;
    int n = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        sum += (i % 96 + 0.5) / 96;
        n++;
      }
    }
    return new double[] {sum / n, n};
  }

  @Test
  void masksDoNotOverlapAndAreNeverEmpty() {
    for (long seed = 0; seed < 300; seed++) {
      Rendering rendering = Renderer.render(Scene.random(seed), 64, 64);
      int[] covered = new int[64 * 64];
      for (boolean[] mask : rendering.masks()) {
        int area = 0;
        for (int i = 0; i < mask.length; i++) {
          covered[i] += mask[i] ? 1 : 0;
          area += mask[i] ? 1 : 0;
        }
        assertThat(area).as("seed %d", seed).isGreaterThan(35);
      }
      assertThat(covered).doesNotContain(2);
    }
  }

  @Test
  void depthIsZeroInTheSkyAndGrowsDownwardsOnTheGround() {
    for (long seed = 0; seed < 60; seed++) {
      Rendering rendering = Renderer.render(Scene.random(seed), 64, 64);
      float[] depth = rendering.depth();
      for (int x = 0; x < 64; x++) {
        float before = 0;
        for (int y = 0; y < 64; y++) {
          float d = depth[y * 64 + x];
          assertThat(d).isBetween(0f, 1f);
          if (free(rendering, y * 64 + x)) {
            assertThat(d).isGreaterThanOrEqualTo(before);
            before = d;
          }
        }
        assertThat(depth[63 * 64 + x]).isGreaterThan(0.9f);
      }
    }
  }

  private static boolean free(Rendering rendering, int i) {
    return rendering.masks().stream().noneMatch(mask -> mask[i]);
  }

  @Test
  void thingsAreAsNearAsTheGroundAtTheirFoot() {
    for (Thing thing : Thing.values()) {
      if (!thing.flies()) {
        Rendering rendering =
            Renderer.render(noon(thing, Colour.RED, Size.LARGE, Place.CENTRE), 96, 96);
        boolean[] mask = rendering.masks().getFirst();
        int foot = mask.length - 1;
        while (!mask[foot]) {
          foot--;
        }
        assertThat((double) rendering.depth()[foot])
            .as("depth at the foot of a %s", thing)
            .isCloseTo(rendering.depth()[foot + 96], org.assertj.core.data.Offset.offset(0.06));
      }
    }
  }

  @Test
  void pictureIsTheSameAtTwiceTheSize() {
    for (long seed = 0; seed < 10; seed++) {
      Scene drawn = Scene.random(seed);
      Scene scene =
          new Scene(drawn.time(), drawn.ground(), drawn.things(), Manner.PLAIN, drawn.seed());
      int[] small = pixels(Renderer.render(scene, 64, 64).picture());
      int[] large = Pixels.of(Renderer.render(scene, 128, 128).picture()).halved().argb();
      long difference = 0;
      for (int i = 0; i < small.length; i++) {
        for (int shift = 0; shift < 24; shift += 8) {
          difference += Math.abs((small[i] >> shift & 255) - (large[i] >> shift & 255));
        }
      }
      // Ripples are displaced by whole pixels, so lakes differ a little.
      assertThat(difference / (3.0 * small.length)).as("seed %d", seed).isLessThan(5);
    }
  }

  @Test
  void tinyPicturesAreRefused() {
    assertThatThrownBy(() -> Renderer.render(Scene.random(1), 8, 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture needs sides of at least 16 and at most 2^26 pixels: 8x64");
  }
}
