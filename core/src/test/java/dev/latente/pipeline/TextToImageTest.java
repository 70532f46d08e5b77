package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextToImageTest {
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
    return model.request("a red boat").steps(2);
  }

  private static Picture picture(ImageRequest request) {
    return model.generate(request).getFirst().picture();
  }

  @Test
  void equalRequestsGiveEqualPictures() {
    for (SamplerKind sampler : SamplerKind.values()) {
      ImageRequest request = request().size(24, 24).sampler(sampler).seed(3).build();
      assertThat(picture(request)).isEqualTo(picture(request));
    }
  }

  @Test
  void eachPictureOfARequestHasTheNextSeed() {
    List<GeneratedImage> three = model.generate(request().seed(5).count(3).build());
    assertThat(three).extracting(GeneratedImage::seed).containsExactly(5L, 6L, 7L);
    for (GeneratedImage image : three) {
      assertThat(picture(image.request())).isEqualTo(image.picture());
    }
    assertThat(three.get(0).picture()).isNotEqualTo(three.get(1).picture());
  }

  @Test
  void theModelsOwnNumbersAreTheDefault() throws IOException {
    assertThat(model.defaults())
        .isEqualTo(new ModelDefaults(64, 64, 20, 7.5, SamplerKind.PNDM, Schedule.LEADING, 0.7));
    try (TextToImage other = Reference.open("tiny-sd2")) {
      assertThat(other.defaults())
          .isEqualTo(new ModelDefaults(64, 64, 20, 7.5, SamplerKind.DDIM, Schedule.LEADING, 0.7));
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "8, 72", "104, 24"})
  void anyMultipleOfEightIsASize(int width, int height) throws IOException {
    ImageRequest request = request().size(width, height).build();
    Picture drawn = picture(request);
    assertThat(drawn.width()).isEqualTo(width);
    assertThat(drawn.height()).isEqualTo(height);
    try (TextToImage other = Reference.open("tiny-sd2")) {
      assertThat(other.generate(request).getFirst().picture().width()).isEqualTo(width);
    }
  }

  @Test
  void anEmptyPromptWithGuidanceIsTheEmptyPromptWithout() {
    // both halves are then the same, so that guidance has nothing to add
    ImageRequest guided = request().build().toBuilder().guidance(7.5).build();
    ImageRequest empty = model.request("").steps(2).guidance(7.5).build();
    ImageRequest alone = model.request("").steps(2).guidance(1).build();
    byte[] one = picture(empty).rgb();
    byte[] other = picture(alone).rgb();
    for (int i = 0; i < one.length; i++) {
      assertThat(Math.abs((one[i] & 0xff) - (other[i] & 0xff))).isLessThanOrEqualTo(1);
    }
    assertThat(picture(guided)).isNotEqualTo(picture(empty));
  }

  @Test
  void guidanceOfOneIgnoresTheNegativePrompt() {
    ImageRequest plain = request().guidance(1).build();
    assertThat(picture(plain.toBuilder().negativePrompt("blurry").build()))
        .isEqualTo(picture(plain));
  }

  @Test
  void aPlainPromptThatIsTooLongIsCutAndCounted() {
    String words = "boat ".repeat(10_000);
    GeneratedImage image = model.generate(plain(words).build()).getFirst();
    assertThat(model.generate(plain("boat boat").build()).getFirst().cutTokens()).isZero();
    assertThat(image.cutTokens()).isGreaterThanOrEqualTo(10_000 - 75);
    assertThat(image.cutNegativeTokens()).isZero();
    ImageRequest against = plain("boat").negativePrompt(words).build();
    assertThat(model.generate(against).getFirst().cutNegativeTokens()).isEqualTo(image.cutTokens());
  }

  private static ImageRequest.Builder plain(String prompt) {
    return model
        .request(prompt)
        .steps(1)
        .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN));
  }

  @Test
  void eachStepIsHeardOf() {
    List<Progress> heard = new ArrayList<>();
    List<Picture> previews = new ArrayList<>();
    List<GeneratedImage> images =
        model.generate(
            request().sampler(SamplerKind.DDIM).steps(3).count(2).build(),
            progress -> {
              heard.add(progress);
              previews.add(progress.previews().get().getFirst());
            });
    assertThat(heard).extracting(Progress::picture).containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(heard).extracting(Progress::step).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(heard).allMatch(progress -> progress.pictures() == 2 && progress.steps() == 3);
    assertThat(previews.getFirst()).isNotEqualTo(previews.get(2));
    assertThat(images).allMatch(image -> image.seconds().denoise() > 0);
  }

  @Test
  void cancellingEndsWithinAStep() {
    List<Integer> steps = new ArrayList<>();
    List<GeneratedImage> finished = new ArrayList<>();
    ImageRequest request = request().steps(50).count(3).build();
    assertThatThrownBy(() ->
            model.generate(
                request,
                progress -> {
                  steps.add(progress.step());
                  if (steps.size() == 2) {
                    throw new CancellationException("enough");
                  }
                },
                finished::add))
        .isInstanceOf(CancellationException.class)
        .hasMessage("enough");
    assertThat(steps).hasSize(2);
    assertThat(finished).isEmpty();
    assertThat(picture(request().build()).width()).isEqualTo(64); // the model is still usable
  }

  @Test
  void severalThreadsMayDrawAtOnce() throws InterruptedException {
    ImageRequest request = request().seed(9).build();
    Picture expected = picture(request);
    List<Picture> drawn = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(Thread.ofPlatform().start(() -> drawn.add(picture(request))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(drawn).hasSize(3).allMatch(expected::equals);
  }

  @Test
  void aClosedModelSaysSo() throws IOException {
    TextToImage other = Reference.open("tiny-sd2");
    other.close();
    other.close();
    ImageRequest request = other.request("").build();
    assertThatThrownBy(() -> other.generate(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model is closed: tiny-sd2");
  }

  @Test
  void howAPictureWasMadeIsTold() {
    GeneratedImage image =
        model
            .generate(
                request()
                    .negativePrompt("blurry")
                    .sampler(SamplerKind.DPMPP_2M)
                    .schedule(Schedule.KARRAS)
                    .guidance(7)
                    .seed(42)
                    .build())
            .getFirst();
    assertThat(image.parameters().format())
        .isEqualTo(
            """
            a red boat
            Negative prompt: blurry
            Steps: 2, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, \
            Size: 64x64, Model: tiny-sd1, RNG: CPU\
            """);
  }
}
