package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.HeldOut;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.TimeOfDay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EvaluationTest {
  private static Judge judge;

  @BeforeAll
  static void loadJudge() throws IOException {
    judge = Judge.load();
  }

  @AfterAll
  static void closeJudge() {
    judge.close();
  }

  /// Renders what a question asks for, changed.
  private static PictureSource renders(UnaryOperator<Scene> change) {
    return question ->
        Picture.of(Renderer.render(change.apply(question.scene()), 128, 128).picture());
  }

  private static EvaluationReport report(Evaluation evaluation, UnaryOperator<Scene> change)
      throws IOException {
    return evaluation.run(renders(change), judge, (_, _) -> {});
  }

  private static Scene anHourLater(Scene scene) {
    TimeOfDay next = TimeOfDay.values()[(scene.time().ordinal() + 1) % TimeOfDay.values().length];
    return new Scene(next, scene.ground(), scene.things(), scene.manner(), scene.seed());
  }

  @Test
  void picturesOfWhatWasAskedForAreRight() throws IOException {
    EvaluationReport report =
        report(new Evaluation(60, 1, Combinations.HELD_OUT, 11), UnaryOperator.identity());
    assertThat(report.share(Attribute.BINDING)).isEqualTo(Share.NONE);
    for (Attribute attribute : EnumSet.complementOf(EnumSet.of(Attribute.BINDING))) {
      assertThat(report.share(attribute).count()).isEqualTo(60);
      assertThat(report.share(attribute).value()).as(attribute.name()).isGreaterThan(0.9);
    }
  }

  @Test
  void picturesOfAnotherTimeOfDayAreWrongInTimeAlone() throws IOException {
    EvaluationReport report =
        report(new Evaluation(40, 1, Combinations.SHOWN, 12), EvaluationTest::anHourLater);
    assertThat(report.share(Attribute.TIME).right()).isZero();
    assertThat(report.share(Attribute.GROUND).value()).isGreaterThan(0.9);
    assertThat(report.share(Attribute.THING).value()).isGreaterThan(0.9);
  }

  @Test
  void ofTwoThingsBothAreAskedFor() throws IOException {
    EvaluationReport report =
        report(new Evaluation(30, 2, Combinations.SHOWN, 13), UnaryOperator.identity());
    assertThat(report.share(Attribute.COLOUR).count()).isEqualTo(60);
    assertThat(report.share(Attribute.BINDING).count()).isEqualTo(30);
    assertThat(report.share(Attribute.BINDING).value()).isGreaterThan(0.8);
  }

  @Test
  void picturesOfOtherScenesAreNearerInFeaturesThanPlainOnes() throws IOException {
    Evaluation evaluation = new Evaluation(30, 1, Combinations.SHOWN, 14);
    Picture grey = Picture.of(2, 2, new byte[12]);
    double rendered = report(evaluation, UnaryOperator.identity()).frechet();
    double plain = evaluation.run(_ -> grey, judge, (_, _) -> {}).frechet();
    assertThat(rendered).isBetween(0.0, plain / 2);
  }

  @Test
  void equalEvaluationsAskEqualQuestions() {
    Evaluation evaluation = new Evaluation(20, 1, Combinations.HELD_OUT, 5);
    List<Question> questions = evaluation.questions();
    assertThat(questions)
        .isEqualTo(new Evaluation(20, 1, Combinations.HELD_OUT, 5).questions())
        .isNotEqualTo(new Evaluation(20, 1, Combinations.HELD_OUT, 6).questions())
        .allMatch(question -> HeldOut.contains(question.scene()))
        .allMatch(question -> question.scene().things().size() == 1);
    assertThat(questions.stream().map(question -> question.caption().language()))
        .filteredOn(Language.SPANISH::equals)
        .hasSize(10);
    assertThat(questions.stream().map(Question::seed)).doesNotHaveDuplicates().contains(5L);
  }

  @Test
  void theReportIsATableAndJson() throws IOException {
    List<Integer> told = new ArrayList<>();
    Evaluation evaluation = new Evaluation(4, 1, Combinations.SHOWN, 15);
    EvaluationReport report =
        evaluation.run(renders(UnaryOperator.identity()), judge, (done, _) -> told.add(done));
    assertThat(told).containsExactly(1, 2, 3, 4);
    assertThat(report.table())
        .contains("english", "spanish")
        .containsPattern("time +[0-9.]+ % \\([0-4] of 4\\) +[0-9.]+ % \\([0-2] of 2\\)");
    JsonNode json = new JsonMapper().readTree(report.json());
    assertThat(report.table()).doesNotContain("binding");
    assertThat(json.path("pictures").asInt()).isEqualTo(4);
    assertThat(json.path("all").path("time").path("count").asInt()).isEqualTo(4);
    assertThat(json.path("es").path("thing").path("count").asInt()).isEqualTo(2);
    assertThat(json.path("frechet").asDouble()).isEqualTo(report.frechet());
  }

  @Test
  void theBindingOfColoursComesFromPicturesOfTwoThings() throws IOException {
    EvaluationReport one =
        report(new Evaluation(6, 1, Combinations.SHOWN, 15), EvaluationTest::anHourLater);
    EvaluationReport two =
        report(new Evaluation(4, 2, Combinations.SHOWN, 15), UnaryOperator.identity());
    EvaluationReport mixed = one.withPairs(two);
    assertThat(mixed.table()).contains("binding");
    assertThat(mixed.share(Attribute.BINDING)).isEqualTo(two.share(Attribute.BINDING));
    assertThat(mixed.share(Attribute.TIME)).isEqualTo(one.share(Attribute.TIME));
    assertThat(mixed.share(Attribute.COLOUR).count()).isEqualTo(6);
  }

  @Test
  void anAutoencoderIsMeasuredOnHeldOutRenders() throws IOException {
    Reconstructions perfect = Reconstructions.of(picture -> picture, 2, 3, 64);
    assertThat(perfect.psnr()).isInfinite();
    Reconstructions brighter = Reconstructions.of(EvaluationTest::brighter, 3, 3, 64);
    assertThat(brighter.psnr()).isBetween(28.0, 29.0); // 10 levels: 20·log10(255/10) = 28.1
    assertThat(brighter.ssim()).isBetween(0.8, 1.0);
    EvaluationReport report =
        report(new Evaluation(2, 1, Combinations.SHOWN, 1), UnaryOperator.identity())
            .with(brighter);
    assertThat(report.table()).containsPattern("3 held-out renders: PSNR 28\\.[0-9] dB, SSIM 0\\.");
    assertThat(new JsonMapper().readTree(report.json()).path("autoencoder").path("psnr").asDouble())
        .isEqualTo(brighter.psnr());
  }

  /// Ten levels more in each channel, as far as they go.
  private static Picture brighter(Picture picture) {
    byte[] rgb = picture.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.min(255, (rgb[i] & 0xff) + 10);
    }
    return Picture.of(picture.width(), picture.height(), rgb);
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> new Evaluation(0, 1, Combinations.SHOWN, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("count must be in 2..1000000: 0");
    assertThatThrownBy(() -> new Evaluation(10, 3, Combinations.SHOWN, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
    assertThatThrownBy(() -> new Evaluation(10, 1, Combinations.SHOWN, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
