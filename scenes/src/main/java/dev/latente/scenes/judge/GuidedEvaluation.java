package dev.latente.scenes.judge;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.scenes.SceneFolder;
import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.draw.Rendering;
import dev.latente.scenes.world.Scene;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Measures whether pictures follow what guides them beside the text: depth, a mask, a reference.
///
/// Scenes are of combinations that training never showed; prompts are complete captions, in English
/// and Spanish by turns.
///
/// @param count how many scenes, at least 2
/// @param seed of scenes, wordings and noise, 0 or more
public record GuidedEvaluation(int count, long seed) {
  private static final int GRID = 32; // cells on a side in which depth is compared
  private static final int SIDE = 128;
  static final long WORDING = 0x5EED_04DE_5710L;

  public GuidedEvaluation {
    if (count < 2 || count > 1_000_000) {
      throw new IllegalArgumentException("count must be in 2..1000000: " + count);
    }
    if (seed < 0 || seed > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException("seed must be 0 or more: " + seed);
    }
  }

  /// A number that was measured.
  ///
  /// @param name what it is, such as `rank correlation with the map`
  /// @param value the mean over all scenes
  public record Measure(String name, double value) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%-64s %6.3f", name, value);
    }
  }

  /// Draws a picture of `prompt`, guided by `guide` or not at all.
  ///
  /// @param <G> what guides
  @FunctionalInterface
  public interface Guided<G> {
    Picture draw(String prompt, long seed, G guide) throws IOException;
  }

  /// Draws without guide.
  @FunctionalInterface
  public interface Plain {
    Picture draw(String prompt, long seed) throws IOException;
  }

  /// Tells how near each pixel of a picture is: white the nearest.
  @FunctionalInterface
  public interface Estimator {
    GreyPicture nearness(Picture picture);
  }

  /// A rectangle to repaint in a picture.
  ///
  /// @param x left, in pixels
  /// @param y top
  /// @param side of it
  public record Repainted(Picture picture, int x, int y, int side) {}

  /// Told how many of all pictures are drawn; may stop the evaluation by throwing.
  @FunctionalInterface
  public interface Progress {
    void drawn(int done, int count);
  }

  /// Whether pictures have the depth they are given: of the scene's own map, and of another
  /// scene's, which the prompt does not fit. Prompts do not say where things stand or how large
  /// they are.
  ///
  /// Ground and sky agree with any map, so the places around the map's things are measured apart.
  public List<Measure> depth(
      Guided<GreyPicture> guided, Plain plain, Estimator estimator, Progress progress)
      throws IOException {
    double[] sums = new double[10];
    for (int i = 0; i < count; i++) {
      Rendering own = rendering(i);
      Rendering other = rendering((i + 1) % count);
      String prompt = unplaced(scene(i), i);
      GreyPicture with = estimator.nearness(guided.draw(prompt, seed + i, map(own)));
      GreyPicture without = estimator.nearness(plain.draw(prompt, seed + i));
      GreyPicture against = estimator.nearness(guided.draw(prompt, seed + i, map(other)));
      GreyPicture rendered = estimator.nearness(Picture.of(own.picture()));
      add(sums, 0, with, own);
      add(sums, 2, without, own);
      add(sums, 4, against, other);
      add(sums, 6, without, other);
      add(sums, 8, rendered, own);
      progress.drawn(i + 1, count);
    }
    return measures(
        sums,
        "rank correlation with the scene's own map, guided by it",
        "  around the map's things",
        "the same prompts and seeds without guide",
        "  around the map's things",
        "rank correlation with another scene's map, guided by that",
        "  around the map's things",
        "with that map, without guide",
        "  around the map's things",
        "of the estimator itself, on the rendered scenes",
        "  around the map's things");
  }

  private static void add(double[] sums, int index, GreyPicture found, Rendering wanted) {
    float[] a = cells(found);
    float[] b = cells(map(wanted));
    int[] around = Surroundings.of(wanted.masks(), SIDE, GRID);
    sums[index] += RankCorrelation.of(a, b);
    sums[index + 1] += RankCorrelation.of(at(a, around), at(b, around));
  }

  private static float[] at(float[] cells, int... chosen) {
    float[] some = new float[chosen.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = cells[chosen[i]];
    }
    return some;
  }

  /// Whether only the masked part changes, and whether its edge shows: a square of half the side in
  /// the middle of a rendered scene is repainted after another scene's prompt.
  public List<Measure> mask(Guided<Repainted> guided, Progress progress) throws IOException {
    double[] sums = new double[4];
    int corner = SIDE / 4 + 1; // not where the blocks of pixel art end
    int side = SIDE / 2 - 1;
    Seam drawn = Seam.NONE;
    Seam untouched = Seam.NONE;
    for (int i = 0; i < count; i++) {
      Picture original = Picture.of(rendering(i).picture());
      String prompt = prompt(scene((i + 1) % count), i);
      Repainted area = new Repainted(original, corner, corner, side);
      Picture result = guided.draw(prompt, seed + i, area);
      sums[0] += difference(original, result, area, true);
      sums[1] += difference(original, result, area, false);
      drawn = drawn.plus(Seam.of(result, corner, corner, side));
      untouched = untouched.plus(Seam.of(original, corner, corner, side));
      progress.drawn(i + 1, count);
    }
    sums[2] = count * drawn.ratio();
    sums[3] = count * untouched.ratio();
    return measures(
        sums,
        "mean change inside the mask, levels of 255",
        "mean change outside, levels of 255",
        "steps across the mask's edge over those beside it",
        "the same in the untouched pictures");
  }

  /// Whether colours and manner follow a reference picture, and what else is asked for stays:
  /// prompts of plain scenes, references of other scenes in a manner that is not plain.
  ///
  /// One prompt of each scene says what stands where and nothing of ground and time, so that the
  /// reference may; the other says all but the manner.
  public List<Measure> reference(
      Guided<Picture> guided, Plain plain, Judge judge, Progress progress) throws IOException {
    return new ReferenceEvaluation(this, guided, plain).run(judge, progress);
  }

  List<Measure> measures(double[] sums, String... names) {
    List<Measure> measures = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      measures.add(new Measure(names[i], sums[i] / count));
    }
    return measures;
  }

  Scene scene(int index) {
    return Scene.heldOut(SceneFolder.sceneSeed(seed, index));
  }

  private Rendering rendering(int index) {
    return render(scene(index));
  }

  static Rendering render(Scene scene) {
    return Renderer.render(scene, SIDE, SIDE);
  }

  private static String prompt(Scene scene, int index) {
    Language language = Language.values()[index % Language.values().length];
    return Captions.complete(scene, language, new SplittableRandom(scene.seed() ^ WORDING)).text();
  }

  private static String unplaced(Scene scene, int index) {
    Language language = Language.values()[index % Language.values().length];
    return Captions.unplaced(scene, language, new SplittableRandom(scene.seed() ^ WORDING)).text();
  }

  private static GreyPicture map(Rendering rendering) {
    return GreyPicture.ofFloats(SIDE, SIDE, rendering.depth());
  }

  private static float[] cells(GreyPicture map) {
    Picture small = map.toPicture().resized(GRID, GRID, Resampling.BOX);
    float[] all = small.toFloats();
    float[] red = new float[GRID * GRID];
    System.arraycopy(all, 0, red, 0, red.length);
    return red;
  }

  private static double difference(Picture a, Picture b, Repainted area, boolean inside) {
    double sum = 0;
    int pixels = 0;
    for (int y = 0; y < a.height(); y++) {
      for (int x = 0; x < a.width(); x++) {
        boolean within =
            x >= area.x()
                && x < area.x() + area.side()
                && y >= area.y()
                && y < area.y() + area.side();
        if (within == inside) {
          int p = a.at(x, y);
          int q = b.at(x, y);
          for (int shift = 0; shift <= 16; shift += 8) {
            sum += Math.abs((p >> shift & 0xff) - (q >> shift & 0xff)) / 3.0;
          }
          pixels++;
        }
      }
    }
    return sum / pixels;
  }
}
