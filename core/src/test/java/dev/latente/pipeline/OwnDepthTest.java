package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Fit;
import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Depth lies where the picture lies, whatever becomes of the picture: a model that brings a
/// ControlNet for depth draws what it draws when that network is given by hand.
class OwnDepthTest {
  private static final int WIDTH = 44;
  private static final int HEIGHT = 40;
  private static final StartPicture START =
      StartPicture.of(ControlMap.of(WIDTH, HEIGHT), 0.75).withFit(Fit.STRETCH);

  @TempDir private Path temporary;
  private Optional<TextToImage> opened = Optional.empty();

  @BeforeEach
  void open() throws IOException {
    Path folder = temporary.resolve("tiny");
    Reference.copy(Reference.FOLDER.resolve("tiny-sd1"), folder);
    NamedWeights.write(
        folder.resolve("controlnet-depth"),
        Reference.FOLDER.resolve("control/controlnet-sd1"),
        "diffusion_pytorch_model");
    opened = Optional.of(TextToImage.open(folder, Device.CPU, Precision.F32));
  }

  @AfterEach
  void close() {
    opened.ifPresent(TextToImage::close);
  }

  /// Black and white squares: wherever it is cut, it reaches from the farthest to the nearest, so
  /// that stretching it changes nothing.
  private static GreyPicture squares() {
    float[] values = new float[WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % WIDTH / 6 + i / WIDTH / 5) % 2;
    }
    return GreyPicture.ofFloats(WIDTH, HEIGHT, values);
  }

  private static StartPicture extended() {
    return START.withExtension(Extension.parse("left=16,top=8,overlap=7"));
  }

  private static StartPicture crop() {
    byte[] mask = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < mask.length; i++) {
      boolean inside = i / 3 % WIDTH >= 24 && i / 3 / WIDTH >= 20;
      mask[i] = (byte) (inside ? 255 : 0);
    }
    return START
        .withMask(Picture.of(WIDTH, HEIGHT, mask))
        .withMasking(MaskOptions.usual().withPadding(4));
  }

  private static ImageRequest.Builder request(StartPicture start) {
    return ImageRequest.builder("a red boat")
        .size(64, 48)
        .steps(3)
        .guidance(3)
        .seed(4)
        .start(start);
  }

  private Picture drawn(ImageRequest.Builder request) {
    return opened.orElseThrow().generate(request.build()).getFirst().picture();
  }

  @Test
  void itIsTheNetworkGivenByHandWhereThePictureIsGrownOrCut() throws IOException {
    TextToImage model = opened.orElseThrow();
    Path folder = temporary.resolve("tiny/controlnet-depth");
    try (ControlModel network = model.openControl(folder)) {
      List<Control> byHand = List.of(Control.of(network, squares().toPicture()));
      for (StartPicture start : List.of(extended(), crop(), START.withFit(Fit.CROP))) {
        Picture own = drawn(request(start).depth(new DepthSource.Map(squares())));
        assertThat(own).isEqualTo(drawn(request(start).controls(byHand)));
        assertThat(own).isNotEqualTo(drawn(request(start)));
      }
    }
  }

  @Test
  void itHasTheWeightThatTheModelAdvises() throws IOException {
    TextToImage plain = opened.orElseThrow();
    Path folder = temporary.resolve("tiny");
    Path index = folder.resolve("model_index.json");
    String text = Files.readString(index).stripTrailing();
    Files.writeString(
        index, text.substring(0, text.length() - 1) + ", \"latente\": {\"depth_weight\": 1.5}}");
    try (TextToImage model = TextToImage.open(folder, Device.CPU, Precision.F32);
        ControlModel network = plain.openControl(folder.resolve("controlnet-depth"))) {
      StartPicture start = START.withFit(Fit.CROP);
      ImageRequest own = request(start).depth(new DepthSource.Map(squares())).build();
      Control byHand = Control.of(network, squares().toPicture()).withWeight(1.5);
      assertThat(model.generate(own).getFirst().picture())
          .isEqualTo(drawn(request(start).controls(List.of(byHand))));
    }
  }

  @Test
  void whatIsEstimatedLiesWhereItsMapWouldLie() throws IOException {
    Path folder = temporary.resolve("estimator");
    Path fixtures = Reference.FOLDER.resolve("depth");
    NamedWeights.write(folder, fixtures.resolve("dpt-hybrid"), "model");
    Files.copy(
        fixtures.resolve("dpt-hybrid-preprocessor.json"),
        folder.resolve("preprocessor_config.json"));
    try (DepthEstimator estimator = DepthEstimator.open(folder, Device.CPU)) {
      GreyPicture map = estimator.nearness(START.picture());
      for (StartPicture start : List.of(extended(), crop())) {
        DepthSource estimated = new DepthSource.Estimated(estimator, start.picture());
        assertThat(drawn(request(start).depth(estimated)))
            .isEqualTo(drawn(request(start).depth(new DepthSource.Map(map))));
      }
    }
  }

  @Test
  void aMapGrowsWithItsPicture() {
    ImageRequest request = request(extended()).depth(new DepthSource.Map(squares())).build();
    DepthSource.Map seen = (DepthSource.Map) SeenDepth.of(request);
    assertThat(seen.map().toPicture().cropped(20, 8, WIDTH, HEIGHT))
        .isEqualTo(squares().toPicture());
  }

  @Test
  void aMapOfAnotherSizeIsStretchedOverAWholePicture() {
    DepthSource other = new DepthSource.Map(GreyPicture.ofFloats(1, 1, new float[1]));
    for (StartPicture start : List.of(START, START.withFit(Fit.CROP), extended())) {
      assertThat(SeenDepth.of(request(start).depth(other).build())).isEqualTo(other);
    }
  }
}
