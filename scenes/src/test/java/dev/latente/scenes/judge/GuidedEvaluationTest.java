package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.scenes.SceneFolder;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GuidedEvaluationTest {
  private static final GuidedEvaluation SMALL = new GuidedEvaluation(4, 3);

  private static Picture filled(int size, int rgb) {
    byte[] values = new byte[3 * size * size];
    for (int i = 0; i < size * size; i++) {
      values[3 * i] = (byte) (rgb >> 16);
      values[3 * i + 1] = (byte) (rgb >> 8);
      values[3 * i + 2] = (byte) rgb;
    }
    return Picture.of(size, size, values);
  }

  private static double value(List<GuidedEvaluation.Measure> measures, int index) {
    return measures.get(index).value();
  }

  @Test
  void ranksAreComparedAsSpearmanDid() {
    // d = (0, 1, 1, 0, 0): 1 - 6·2 / (5·24) = 0.9
    assertThat(RankCorrelation.of(new float[] {1, 2, 3, 4, 5}, new float[] {10, 30, 20, 40, 50}))
        .isEqualTo(0.9, within(1e-12));
    assertThat(RankCorrelation.of(new float[] {1, 2, 3}, new float[] {9, 8, 1})).isEqualTo(-1);
    assertThat(RankCorrelation.of(new float[] {1, 1, 1}, new float[] {9, 8, 1})).isZero();
    // ties: ranks (0.5, 0.5, 2) against (0, 1, 2): 1.5 / sqrt(1.5 · 2)
    assertThat(RankCorrelation.of(new float[] {4, 4, 7}, new float[] {1, 2, 3}))
        .isEqualTo(Math.sqrt(0.75), within(1e-12));
    assertThatThrownBy(() -> RankCorrelation.of(new float[1], new float[2]))
        .hasMessage("need as many values twice, at least 2: 1 and 2");
  }

  @Test
  void picturesThatAreTheMapAgreeWithIt() throws IOException {
    List<GuidedEvaluation.Measure> measures =
        SMALL.depth(
            (_, _, map) -> map.toPicture(),
            (_, _) -> Picture.black(128, 128),
            picture -> GreyPicture.ofFloats(128, 128, reds(picture)),
            (_, _) -> {});
    for (int own : new int[] {0, 1, 4, 5}) {
      assertThat(value(measures, own)).isEqualTo(1, within(1e-9));
    }
    for (int black : new int[] {2, 3, 6, 7}) {
      assertThat(value(measures, black)).isZero();
    }
  }

  /// A picture with another scene's depth has the ground right, and not the things.
  @Test
  void anotherScenesDepthAgreesLessAroundTheThings() throws IOException {
    List<GuidedEvaluation.Measure> measures =
        new GuidedEvaluation(12, 3)
            .depth(
                (_, _, map) -> map.toPicture(),
                (_, seed) -> depthOf((int) (seed - 3 + 1) % 12),
                picture -> GreyPicture.ofFloats(128, 128, reds(picture)),
                (_, _) -> {});
    assertThat(value(measures, 1)).isGreaterThan(value(measures, 3) + 0.1);
  }

  @Test
  void cellsAroundThingsAreTheirBoxesAndThreeMore() {
    boolean[] mask = new boolean[40 * 40];
    mask[20 * 40 + 5] = true; // cell 2, 10 of 20 on a side
    mask[21 * 40 + 6] = true; // cell 3, 10
    assertThat(Surroundings.of(List.of(mask), 40, 20))
        .hasSize(7 * 7) // columns 0 to 6: 2 - 3 is cut at the picture's edge
        .contains(7 * 20, 13 * 20 + 6);
    assertThat(Surroundings.of(List.of(new boolean[1600]), 40, 20)).isEmpty();
  }

  private static Picture depthOf(int index) {
    Scene scene = Scene.heldOut(SceneFolder.sceneSeed(3, index));
    return GreyPicture.ofFloats(128, 128, Renderer.render(scene, 128, 128).depth()).toPicture();
  }

  private static float[] reds(Picture picture) {
    float[] reds = new float[picture.width() * picture.height()];
    for (int i = 0; i < reds.length; i++) {
      reds[i] = (picture.at(i % picture.width(), i / picture.width()) >> 16 & 0xff) / 255f;
    }
    return reds;
  }

  @Test
  void aPatchWithAHardEdgeShowsAndNothingOutsideChanges() throws IOException {
    List<GuidedEvaluation.Measure> untouched =
        SMALL.mask((_, _, area) -> area.picture(), (_, _) -> {});
    assertThat(value(untouched, 0)).isZero();
    assertThat(value(untouched, 2)).isEqualTo(value(untouched, 3));
    List<GuidedEvaluation.Measure> patched =
        SMALL.mask((_, _, area) -> patched(area), (_, _) -> {});
    assertThat(value(patched, 0)).isGreaterThan(20);
    assertThat(value(patched, 1)).isZero();
    assertThat(value(patched, 2)).isGreaterThan(3 * value(patched, 3));
  }

  private static Picture patched(GuidedEvaluation.Repainted area) {
    Picture picture = area.picture();
    byte[] values = picture.rgb();
    for (int y = area.y(); y < area.y() + area.side(); y++) {
      for (int x = area.x(); x < area.x() + area.side(); x++) {
        values[3 * (y * picture.width() + x) + 1] = (byte) 255; // as green as can be
        values[3 * (y * picture.width() + x)] = 0;
      }
    }
    return Picture.of(picture.width(), picture.height(), values);
  }

  @Test
  void coloursOfTheReferenceAreNearToIt() throws IOException {
    assertThat(ColourDistance.between(filled(4, 0xff0000), filled(8, 0xf00000))).isZero();
    assertThat(ColourDistance.between(filled(4, 0xff0000), filled(4, 0x0000ff)))
        .isEqualTo(1, within(1e-9));
    try (Judge judge = Judge.load()) {
      List<GuidedEvaluation.Measure> measures =
          SMALL.reference(
              (_, _, reference) -> reference,
              (_, _) -> Picture.black(128, 128),
              judge,
              (_, _) -> {});
      assertThat(value(measures, 0)).isZero();
      assertThat(value(measures, 1)).isPositive();
      assertThat(value(measures, 3)).isEqualTo(1); // the judge knows rendered manners
    }
  }
}
