package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Guidance in a part of a run.
class GuidanceIntervalTest {
  /// Counts of work are sums of doubles that are whole numbers.
  private static final double EXACT = 1e-9;

  private static TextToImage model;

  @BeforeAll
  static void open() throws IOException {
    model = Reference.open("tiny-sd1");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static ImageRequest.Builder request() {
    return request("a red boat");
  }

  private static ImageRequest.Builder request(String prompt) {
    return model
        .request(prompt)
        .negativePrompt("fog")
        .sampler(SamplerKind.DDIM)
        .steps(4)
        .guidance(5)
        .size(32, 40)
        .seed(5);
  }

  private static ImageRequest.Builder guided(
      ImageRequest.Builder request, double start, double end) {
    Shortcuts shortcuts = Shortcuts.none().withGuidance(new GuidanceInterval(start, end));
    return request.sampling(SamplingOptions.usual().withShortcuts(shortcuts));
  }

  private static Picture picture(ImageRequest.Builder request) {
    return model.generate(request.build()).getFirst().picture();
  }

  @ParameterizedTest
  @EnumSource
  void theWholeRunIsThePlainPictureWithEverySampler(SamplerKind sampler) {
    Picture plain = picture(request().sampler(sampler));
    assertThat(picture(guided(request().sampler(sampler), 0, 1))).isEqualTo(plain);
    assertThat(picture(guided(request().sampler(sampler), 0.25, 0.75))).isNotEqualTo(plain);
  }

  /// No step begins in that part of the run.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a red boat",
        "a red boat AND a house:0.7",
        "[a boat|a house] in the snow",
        "a boat BREAK a lake, a house, a hill, a tree and another boat"
      })
  void anIntervalWithoutAStepIsAGuidanceOf1(String prompt) {
    ImageRequest.Builder without = request(prompt).guidance(1).count(2).batch(2);
    ImageRequest.Builder never = guided(request(prompt).count(2).batch(2), 0.01, 0.02);
    assertThat(picture(never)).isEqualTo(picture(without));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 4", "0.25, 0.75, 2", "0, 0.25, 1", "0.26, 1, 2", "0.75, 1, 1", "0.1, 0.2, 0"})
  void onlyStepsThatBeginInsideAskWithoutThePrompt(double start, double end, int steps) {
    NetworkWork with = NetworkWork.of(model, request());
    NetworkWork without = NetworkWork.of(model, request().guidance(1));
    NetworkWork some = NetworkWork.of(model, guided(request(), start, end));
    assertThat(some.between(without, with)).isCloseTo(steps / 4.0, within(EXACT));
  }

  /// At its noise levels: the first half of the schedule is left out.
  @Test
  void aPictureThatIsRedrawnIsGuidedAtTheSameNoise() {
    StartPicture start = StartPicture.of(Picture.black(32, 40), 0.5);
    ImageRequest.Builder redrawn = request().start(start);
    Picture plain = picture(redrawn);
    assertThat(picture(guided(request().start(start), 0.5, 1))).isEqualTo(plain);
    assertThat(picture(guided(request().start(start), 0, 0.5)))
        .isEqualTo(picture(request().start(start).guidance(1)));
  }

  @Test
  void secondPassesAndRefinersKeepToIt(@TempDir Path folder) throws IOException {
    ImageRequest.Builder twice = request().hires(Optional.of(HiresOptions.of(1.5)));
    assertThat(picture(guided(twice, 0.2, 0.6))).isNotEqualTo(picture(guided(twice, 0, 1)));
    LoadOptions options =
        LoadOptions.of(Device.CPU, Precision.F32)
            .withRefiner(Reference.wholeXl("tiny-sdxl-refiner", folder));
    try (TextToImage xl = TextToImage.open(Reference.FOLDER.resolve("tiny-sdxl"), options)) {
      ImageRequest.Builder builder = xl.request("a boat").size(64, 64).steps(4).refinerAt(0.5);
      NetworkWork with = NetworkWork.of(xl, builder);
      NetworkWork first = NetworkWork.of(xl, guided(builder, 0, 0.5));
      NetworkWork second = NetworkWork.of(xl, guided(builder, 0.5, 1));
      NetworkWork without = NetworkWork.of(xl, guided(builder, 0.01, 0.02));
      assertThat(first.between(without, with) + second.between(without, with))
          .isCloseTo(1, within(EXACT));
      assertThat(first.picture()).isNotEqualTo(second.picture());
    }
  }

  @Test
  void itIsAmongThePicturesParameters() {
    GeneratedImage image = model.generate(guided(request(), 0.25, 0.7).build()).getFirst();
    assertThat(image.parameters().value("Guidance interval")).hasValue("0.25-0.7");
    assertThat(model.generate(request().build()).getFirst().parameters().value("Guidance interval"))
        .isEmpty();
  }

  @Test
  void writtenAsStartAndEnd() {
    assertThat(GuidanceInterval.parse("0-1")).isEqualTo(GuidanceInterval.WHOLE);
    assertThat(GuidanceInterval.parse(" .25-0.7 ")).isEqualTo(new GuidanceInterval(0.25, 0.7));
    assertThat(GuidanceInterval.parse(new GuidanceInterval(1 / 3.0, 0.7).toString()))
        .isEqualTo(new GuidanceInterval(1 / 3.0, 0.7));
    for (String wrong :
        new String[] {"", "0.5", "-", "-0.5-1", "0.5-1-2", "a-b", "NaN-1", "0,5-1"}) {
      assertThatThrownBy(() -> GuidanceInterval.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("guidance interval must be START-END, such as 0.2-0.8: '" + wrong + "'");
    }
    List<double[]> outside = new ArrayList<>();
    outside.add(new double[] {-0.1, 1});
    outside.add(new double[] {0.5, 0.5});
    outside.add(new double[] {0, 1.1});
    outside.add(new double[] {Double.NaN, 1});
    for (double[] each : outside) {
      assertThatThrownBy(() -> new GuidanceInterval(each[0], each[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("guidance interval must begin at 0 or later and end after that");
    }
  }
}
