package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Fit;
import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.NoiseSource;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Pictures that are computed together are those that are computed alone.
///
/// libtorch sums in another order when there are more rows, so values are a little off, and a few
/// are rounded the other way: as much as between Latente and diffusers, [PictureDifference].
class BatchTest {
  private static final Path BATCHES = Reference.FOLDER.resolve("batches");
  private static final Path START = Reference.FOLDER.resolve("image-to-image");

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
    return model.request("a red boat").negativePrompt("fog").steps(3).size(32, 40).seed(5);
  }

  /// Draws three pictures in batches of two, and each alone.
  static void isAsAlone(TextToImage by, ImageRequest.Builder builder) {
    ImageRequest request = builder.count(3).batch(2).build();
    List<GeneratedImage> together = by.generate(request);
    assertThat(together).hasSize(3);
    for (GeneratedImage image : together) {
      Picture alone = by.generate(image.request()).getFirst().picture();
      PictureDifference.of(image.picture(), alone).isRounding();
    }
    assertThat(together.get(0).picture()).isNotEqualTo(together.get(1).picture());
  }

  @ParameterizedTest
  @EnumSource
  void everySamplerDrawsEachPictureAsAlone(SamplerKind sampler) {
    isAsAlone(model, request().sampler(sampler));
  }

  @TestFactory
  Stream<DynamicTest> batchesAreDiffusers() {
    return StoredRequests.eachOf(BATCHES.resolve("requests.json"), 4, BatchTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    ImageRequest.Builder builder =
        model
            .request("a red boat on a calm lake at sunset")
            .negativePrompt("blurry, a house in the snow")
            .size(40, 32)
            .steps(5)
            .guidance(6)
            .seed(test.path("seed").longValue())
            .sampler(SamplerKind.named(test.path("sampler").stringValue()))
            .count(test.path("count").intValue())
            .batch(test.path("count").intValue());
    if (test.path("kind").stringValue().equals("image")) {
      Picture start = Picture.read(START.resolve("start.png"));
      builder.size(64, 64).start(StartPicture.of(start, 0.6));
    }
    for (GeneratedImage image : model.generate(builder.build())) {
      String file = "%s-%d.png".formatted(test.path("name").stringValue(), image.seed());
      PictureDifference.of(image.picture(), Picture.read(BATCHES.resolve(file))).isRounding();
    }
  }

  @Test
  void eachHasTheNextSeedAndItsOwnNumber() {
    List<GeneratedImage> three = model.generate(request().count(3).batch(2).build());
    assertThat(three).extracting(GeneratedImage::seed).containsExactly(5L, 6L, 7L);
    assertThat(three).allMatch(image -> image.request().count() == 1);
    assertThat(three).allMatch(image -> image.request().batch() == 1);
    assertThat(three).allMatch(image -> image.seconds().denoise() > 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a red boat:1.3) [on a lake:0.5] AND a house:0.7",
        "a boat BREAK a lake, a house, a hill, a tree and another boat",
        "[a boat|a house] in the snow"
      })
  void promptsOfManyPartsAreToldToAll(String prompt) {
    isAsAlone(model, model.request(prompt).negativePrompt("fog").steps(4).size(32, 32).seed(2));
  }

  @Test
  void variationsAndOtherNoiseAreEachPicturesOwn() {
    NoiseOptions noise = NoiseOptions.plain().withSource(NoiseSource.CUDA);
    isAsAlone(model, request().noise(noise.withVariation(9, 0.3)));
    isAsAlone(
        model,
        request()
            .sampler(SamplerKind.EULER_A)
            .noise(noise.withDrawnFor(new PixelSize(64, 32)).withStepOffset(31337)));
  }

  @Test
  void eachRedrawsTheStartPictureWithItsOwnNoise() throws IOException {
    Picture picture = Fit.STRETCH.apply(Picture.read(START.resolve("start.png")), 64, 64);
    StartPicture start = StartPicture.of(picture, 0.6);
    Picture mask = Picture.read(START.resolve("mask.png"));
    for (StartPicture each : List.of(start, start.withMask(mask))) {
      for (SamplerKind sampler : List.of(SamplerKind.DDIM, SamplerKind.EULER_A)) {
        isAsAlone(model, request().size(64, 64).sampler(sampler).start(each));
      }
    }
    StartPicture all = StartPicture.of(picture, 1).withMask(mask);
    isAsAlone(model, request().size(64, 64).sampler(SamplerKind.EULER).start(all));
  }

  @Test
  void inpaintingModelsSeeEachPicturesOwnLatents(@TempDir Path folder) throws IOException {
    InpaintingModel.write(Reference.FOLDER.resolve("tiny-sd1"), folder);
    Picture picture = Fit.STRETCH.apply(Picture.read(START.resolve("start.png")), 64, 64);
    Picture mask = Picture.read(START.resolve("mask.png"));
    try (TextToImage inpainting = TextToImage.open(folder, Device.CPU, Precision.F32)) {
      for (double strength : new double[] {0.6, 1}) {
        StartPicture start = StartPicture.of(picture, strength).withMask(mask);
        isAsAlone(inpainting, request().size(64, 64).start(start));
      }
    }
  }

  @Test
  void extraLargeModelsAndRefinersDrawEachPictureAsAlone(@TempDir Path folder) throws IOException {
    LoadOptions options =
        LoadOptions.of(Device.CPU, Precision.F32)
            .withRefiner(Reference.wholeXl("tiny-sdxl-refiner", folder));
    try (TextToImage xl = TextToImage.open(Reference.FOLDER.resolve("tiny-sdxl"), options)) {
      isAsAlone(xl, request().size(64, 64));
      isAsAlone(xl, request().size(64, 64).steps(4).refinerAt(0.5));
    }
  }

  @Test
  void tiledDecodersGiveEachPictureAsAlone() throws IOException {
    LoadOptions options =
        LoadOptions.of(Device.CPU, Precision.F32).withVae(VaeOptions.usual().withTiling("64"));
    try (TextToImage tiled = TextToImage.open(Reference.FOLDER.resolve("tiny-sd1"), options)) {
      isAsAlone(tiled, request().size(136, 72));
    }
  }

  @Test
  void oneStepOfABatchIsHeardOfOnce() {
    List<Progress> heard = new ArrayList<>();
    List<List<Picture>> previews = new ArrayList<>();
    model.generate(
        request().sampler(SamplerKind.DDIM).steps(2).count(3).batch(2).build(),
        progress -> {
          heard.add(progress);
          previews.add(progress.previews().get());
        },
        _ -> {});
    assertThat(heard).extracting(Progress::picture).containsExactly(1, 1, 3, 3);
    assertThat(heard).extracting(Progress::together).containsExactly(2, 2, 1, 1);
    assertThat(heard).extracting(Progress::taken).containsExactly(2L, 4L, 5L, 6L);
    assertThat(previews).extracting(List::size).containsExactly(2, 2, 1, 1);
    assertThat(previews.getFirst().get(0)).isNotEqualTo(previews.getFirst().get(1));
    assertThat(previews.getFirst().get(0).height()).isEqualTo(40);
  }

  @Test
  void cancellingABatchEndsWithinAStep() {
    List<GeneratedImage> finished = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    ImageRequest request = request().steps(20).count(4).batch(4).build();
    assertThatThrownBy(() ->
            model.generate(
                request,
                progress -> {
                  steps.add(progress.step());
                  throw new CancellationException("enough");
                },
                finished::add))
        .isInstanceOf(CancellationException.class);
    assertThat(steps).containsExactly(1);
    assertThat(finished).isEmpty();
  }

  @Test
  void aBatchHasFromOneTo256Pictures() {
    for (int wrong : new int[] {0, -1, 257}) {
      assertThatThrownBy(() -> request().batch(wrong).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("batch must be from 1 to 256: " + wrong);
    }
  }
}
