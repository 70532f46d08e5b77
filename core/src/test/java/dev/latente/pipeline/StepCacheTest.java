package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a U-Net's inner levels made is used again.
class StepCacheTest {
  private static final Path CONTROL = Reference.FOLDER.resolve("control");

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

  private static ImageRequest.Builder request(String prompt) {
    return model
        .request(prompt)
        .negativePrompt("fog")
        .sampler(SamplerKind.DDIM)
        .steps(6)
        .guidance(5)
        .size(32, 40)
        .seed(5);
  }

  private static ImageRequest.Builder request() {
    return request("a red boat");
  }

  private static ImageRequest.Builder cached(ImageRequest.Builder request, int interval) {
    return request.sampling(
        SamplingOptions.usual().withShortcuts(Shortcuts.none().withCacheInterval(interval)));
  }

  private static Picture picture(ImageRequest.Builder request) {
    return model.generate(request.build()).getFirst().picture();
  }

  /// How many evaluations went through the whole network, of `request` with an interval, as it has
  /// `all` of them.
  ///
  /// Measured by the work of runs of which all are whole, and of which all but the first are not.
  private static double whole(TextToImage by, ImageRequest.Builder request, int all, int interval) {
    NetworkWork plain = NetworkWork.of(by, cached(request, 1));
    NetworkWork once = NetworkWork.of(by, cached(request, 1000));
    NetworkWork some = NetworkWork.of(by, cached(request, interval));
    return 1 + some.between(once, plain) * (all - 1);
  }

  @ParameterizedTest
  @EnumSource
  void everySamplerDrawsAnotherPictureButOnlyIfAsked(SamplerKind sampler) {
    Picture plain = picture(request().sampler(sampler));
    assertThat(picture(cached(request().sampler(sampler), 1))).isEqualTo(plain);
    Picture other = picture(cached(request().sampler(sampler), 2));
    assertThat(other).isNotEqualTo(plain);
    assertThat(picture(cached(request().sampler(sampler), 2))).isEqualTo(other);
    assertThat(spread(other)).as("neither grey nor black, as NaN would be").isGreaterThan(8);
  }

  /// The difference between the greatest and the least value.
  private static int spread(Picture picture) {
    int least = 255;
    int most = 0;
    for (byte value : picture.rgb()) {
      least = Math.min(least, value & 0xff);
      most = Math.max(most, value & 0xff);
    }
    return most - least;
  }

  @ParameterizedTest
  @CsvSource({"1, 6", "2, 3", "3, 2", "4, 2", "5, 2", "6, 1", "7, 1"})
  void everyNthEvaluationIsWhole(int interval, int whole) {
    assertThat(whole(model, request(), 6, interval)).isCloseTo(whole, within(EXACT));
  }

  /// Heun asks 11 times in 6 steps: at the end of each but the last, too.
  @ParameterizedTest
  @CsvSource({"2, 6", "3, 4"})
  void samplersThatAskTwiceAStepCountEachTime(int interval, int whole) {
    ImageRequest.Builder heun = request().sampler(SamplerKind.HEUN);
    assertThat(whole(model, heun, 11, interval)).isCloseTo(whole, within(EXACT));
  }

  /// Of 6 steps the 1st and the 4th are whole. A prompt's stage lasts one step longer than it says,
  /// so the other one begins with the 4th, or makes the 5th whole too.
  @Test
  void anotherPromptIsAskedOfTheWholeNetwork() {
    NetworkWork same = NetworkWork.of(model, cached(request("a boat"), 3));
    NetworkWork fourth = NetworkWork.of(model, cached(request("[a boat:a house:2]"), 3));
    NetworkWork fifth = NetworkWork.of(model, cached(request("[a boat:a house:3]"), 3));
    assertThat(fourth.convolutions()).isEqualTo(same.convolutions());
    assertThat(fifth.convolutions()).isGreaterThan(same.convolutions());
  }

  @Test
  void anIntervalOfGuidanceGoesWithIt() {
    Shortcuts both =
        Shortcuts.none().withGuidance(new GuidanceInterval(0, 0.5)).withCacheInterval(3);
    NetworkWork work =
        NetworkWork.of(model, request().sampling(SamplingOptions.usual().withShortcuts(both)));
    NetworkWork guided = NetworkWork.of(model, cached(request(), 3));
    NetworkWork unguided = NetworkWork.of(model, cached(request().guidance(1), 3));
    assertThat(work.between(unguided, guided)).isCloseTo(0.5, within(EXACT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a red boat AND a house:0.7",
        "a boat BREAK a lake, a house, a hill, a tree and another boat",
        "[a boat|a house] in the snow"
      })
  void batchesDrawEachPictureAsAlone(String prompt) {
    BatchTest.isAsAlone(model, cached(request(prompt), 2));
  }

  @Test
  void redrawnPicturesReferencesAndSecondPassesAreDrawn() {
    Picture start = ControlMap.of(32, 40);
    List<ImageRequest.Builder> requests = new ArrayList<>();
    requests.add(request().start(StartPicture.of(start, 0.7)));
    requests.add(request().references(List.of(ReferencePicture.of(start))));
    requests.add(request().hires(Optional.of(HiresOptions.of(1.5))));
    for (ImageRequest.Builder each : requests) {
      Picture plain = picture(each);
      assertThat(picture(cached(each, 2))).isNotEqualTo(plain);
      assertThat(picture(cached(each, 1))).isEqualTo(plain);
    }
  }

  @Test
  void controlNetworksAreNotAskedInBetween(@TempDir Path folder) throws IOException {
    for (String network : List.of("controlnet-sd1", "adapter-sd1")) {
      Path weights =
          NamedWeights.write(
              folder.resolve(network), CONTROL.resolve(network), "diffusion_pytorch_model");
      try (ControlModel control = model.openControl(weights)) {
        Control whole = Control.of(control, ControlMap.of(64, 64));
        ImageRequest.Builder builder = request().size(64, 64).controls(List.of(whole));
        assertThat(whole(model, builder, 6, 2)).as(network).isCloseTo(3, within(EXACT));
        Picture guided = picture(cached(builder, 2));
        builder.controls(List.of());
        assertThat(guided).isNotEqualTo(picture(cached(builder, 2)));
        // the last step is unguided, so that it is whole: the 1st, 4th and 6th are
        builder.controls(List.of(whole.during(0, 5 / 6.0)));
        NetworkWork ending = NetworkWork.of(model, cached(builder, 3));
        NetworkWork steady = NetworkWork.of(model, cached(builder.controls(List.of(whole)), 3));
        assertThat(ending.convolutions()).isGreaterThan(steady.convolutions());
      }
    }
  }

  @Test
  void extraLargeModelsSkipTheirInnerLevels() throws IOException {
    try (TextToImage xl = Reference.open("tiny-sdxl")) {
      ImageRequest.Builder builder =
          xl.request("a boat").size(64, 64).steps(4).sampler(SamplerKind.EULER);
      assertThat(whole(xl, builder, 4, 2)).isCloseTo(2, within(EXACT));
      BatchTest.isAsAlone(xl, cached(builder, 2));
    }
  }

  @Test
  void requestsAtOnceDoNotMeet() throws Exception {
    List<Picture> alone = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      alone.add(picture(cached(request().seed(seed), 3)));
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<CompletableFuture<Picture>> drawn = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int seed = i;
        drawn.add(
            CompletableFuture.supplyAsync(() -> picture(cached(request().seed(seed), 3)), threads));
      }
      for (int seed = 0; seed < 4; seed++) {
        assertThat(drawn.get(seed).get()).isEqualTo(alone.get(seed));
      }
    }
  }

  @Test
  void theIntervalIsAmongThePicturesParameters() {
    GeneratedImage image = model.generate(cached(request(), 3).build()).getFirst();
    assertThat(image.parameters().value("Cache interval")).hasValue("3");
    assertThat(model.generate(request().build()).getFirst().parameters().value("Cache interval"))
        .isEmpty();
  }

  @Test
  void theIntervalIsFrom1To1000() {
    for (int wrong : new int[] {0, -1, 1001}) {
      assertThatThrownBy(() -> Shortcuts.none().withCacheInterval(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("cache interval must be from 1 to 1000: " + wrong);
    }
  }
}
