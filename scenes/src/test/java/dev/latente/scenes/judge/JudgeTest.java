package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class JudgeTest {
  private static Judge judge;

  @BeforeAll
  static void loadJudge() throws IOException {
    judge = Judge.load();
  }

  @AfterAll
  static void closeJudge() {
    judge.close();
  }

  private static List<Scene> scenes(LongFunction<Scene> kind, long from, int count) {
    return LongStream.range(from, from + count).mapToObj(kind).toList();
  }

  private static List<Picture> render(List<Scene> scenes, int width, int height) {
    return scenes.stream()
        .map(scene -> Picture.of(Renderer.render(scene, width, height).picture()))
        .toList();
  }

  private static Marks marks(List<Scene> scenes, List<Judgement> judgements) {
    Marks marks = Marks.NONE;
    for (int i = 0; i < scenes.size(); i++) {
      marks = marks.plus(Marks.of(scenes.get(i), judgements.get(i)));
    }
    return marks;
  }

  // The stated accuracies are 99.8 % or more: seven wrong of 200 would be sixteen times as many.
  @Test
  void seesWhatRenderedScenesShow() {
    List<Scene> scenes = scenes(Scene::random, 5_000_000, 200);
    Marks marks = marks(scenes, judge.judge(render(scenes, 128, 128)));
    for (Attribute attribute : Attribute.values()) {
      assertThat(marks.share(attribute).value()).as(attribute.name()).isGreaterThan(0.97);
    }
  }

  @Test
  void seesCombinationsItWasNotTrainedOn() {
    List<Scene> scenes = scenes(Scene::heldOut, 6_000_000, 100);
    Marks marks = marks(scenes, judge.judge(render(scenes, 128, 128)));
    for (Attribute attribute : Attribute.values()) {
      assertThat(marks.share(attribute).value()).as(attribute.name()).isGreaterThan(0.96);
    }
  }

  @Test
  void scalesPicturesToItsOwnSize() {
    List<Scene> scenes = scenes(Scene::random, 7_000_000, 24);
    Marks marks = marks(scenes, judge.judge(render(scenes, 256, 256)));
    assertThat(marks.share(Attribute.TIME).value()).isGreaterThan(0.9);
    assertThat(marks.share(Attribute.GROUND).value()).isGreaterThan(0.9);
    assertThat(marks.share(Attribute.THING).value()).isGreaterThan(0.85);
  }

  @Test
  void judgesTensorsAsItJudgesPictures() {
    List<Scene> scenes = scenes(Scene::random, 8_000_000, 5);
    List<Picture> pictures = render(scenes, 128, 128);
    try (Scope _ = Scope.open()) {
      assertThat(judge.judge(RenderedScenes.batch(pictures))).isEqualTo(judge.judge(pictures));
    }
  }

  @Test
  void judgesEachPictureByItself() {
    List<Picture> pictures = render(scenes(Scene::random, 8_100_000, 40), 128, 128);
    List<float[]> together = judge.features(pictures);
    List<float[]> alone = new ArrayList<>();
    pictures.forEach(picture -> alone.addAll(judge.features(List.of(picture))));
    for (int i = 0; i < pictures.size(); i++) {
      // f32 sums in another order
      assertThat(together.get(i)).containsExactly(alone.get(i), within(1e-3f));
    }
  }
}
