package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pictures drawn by models that see more than noise, against diffusers'
/// `StableDiffusionDepth2ImgPipeline` and `StableDiffusionInstructPix2PixPipeline`, run by
/// tools/reference/depth.py and instruct.py.
class BesidePictureTest {
  private static final Path DEPTH = Reference.FOLDER.resolve("depth");

  @TempDir private Path temporary;

  /// tiny-sd2 with a U-Net of five input channels and an estimator of its own.
  private Path model() throws IOException {
    Path folder = temporary.resolve("tiny-depth");
    Reference.copy(Reference.FOLDER.resolve("tiny-sd2"), folder);
    Path unet = folder.resolve("unet");
    Files.delete(unet.resolve("config.json"));
    Files.delete(unet.resolve("diffusion_pytorch_model.fp16.safetensors"));
    NamedWeights.write(unet, DEPTH.resolve("unet"), "diffusion_pytorch_model");
    NamedWeights.write(folder.resolve("depth_estimator"), DEPTH.resolve("dpt-hybrid"), "model");
    Path input = Files.createDirectory(folder.resolve("feature_extractor"));
    Files.copy(
        DEPTH.resolve("dpt-hybrid-preprocessor.json"), input.resolve("preprocessor_config.json"));
    return folder;
  }

  @Test
  void picturesAreDiffusers() throws IOException {
    Path folder = model();
    try (TextToImage model = TextToImage.open(folder, Device.CPU, Precision.F32);
        DepthEstimator estimator = DepthEstimator.open(folder, Device.CPU)) {
      assertAs("estimated", model, new DepthSource.Estimated(estimator, ControlMap.of(64, 48)));
      assertAs("given", model, new DepthSource.Map(green(ControlMap.of(40, 30))));
      assertThatThrownBy(() -> model.generate(model.request("a boat").size(64, 48).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the model 'tiny-depth' draws after a depth map: none was given; 'auto' would"
                  + " estimate that of the picture to begin with");
      ImageRequest.Builder request = model.request("a boat").size(64, 48);
      DepthSource map = new DepthSource.Map(green(ControlMap.of(40, 30)));
      assertThatThrownBy(() -> model.generate(request.depth(map).imageGuidance(2).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the model 'tiny-depth' changes no picture by an instruction, but an image guidance"
                  + " was given: 2.0");
      ReferenceOptions noisy = new ReferenceOptions(0.5, 0, 100);
      assertThatThrownBy(() ->
              model.generate(
                  model.request("a boat").size(64, 48).depth(map).reference(noisy).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the model 'tiny-depth' draws no variations of a picture, but a noise for them was"
                  + " given: 100");
    }
  }

  private static void assertAs(String name, TextToImage model, DepthSource depth)
      throws IOException {
    ImageRequest request =
        model
            .request("a red boat")
            .negativePrompt("a house")
            .size(64, 48)
            .steps(4)
            .guidance(5)
            .seed(5)
            .depth(depth)
            .build();
    Picture picture = model.generate(request).getFirst().picture();
    PictureDifference.of(picture, Picture.read(DEPTH.resolve(name + ".png"))).isRounding();
    BatchTest.isAsAlone(model, request.toBuilder());
  }

  /// tiny-sd2 with a U-Net of eight input channels, which is that of five but for the first
  /// convolution.
  private Path changingModel() throws IOException {
    Path folder = temporary.resolve("tiny-instruct");
    Reference.copy(Reference.FOLDER.resolve("tiny-sd2"), folder);
    Path unet = folder.resolve("unet");
    Files.delete(unet.resolve("config.json"));
    Files.delete(unet.resolve("diffusion_pytorch_model.fp16.safetensors"));
    for (String ending : List.of(".json", ".tsv")) {
      String text = Files.readString(Path.of(DEPTH.resolve("unet") + ending));
      Files.writeString(
          temporary.resolve("unet" + ending),
          text.replace("conv_in.weight\t16 5 3 3", "conv_in.weight\t16 8 3 3")
              .replace("\"in_channels\": 5", "\"in_channels\": 8"));
    }
    NamedWeights.write(unet, temporary.resolve("unet"), "diffusion_pytorch_model");
    return folder;
  }

  @Test
  void picturesChangedByInstructionsAreDiffusers() throws IOException {
    try (TextToImage model = TextToImage.open(changingModel(), Device.CPU, Precision.F32)) {
      assertThatThrownBy(() -> model.generate(model.request("a boat").size(64, 48).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the model 'tiny-instruct' changes a picture: none was given to begin with");
      assertChanged("instruct", model, 5, 1.5);
      assertChanged("instruct-strict", model, 5, 3);
      assertChanged("instruct-unguided", model, 1, 1.5);
    }
  }

  @Test
  void bothKindsOfGuidanceKeepToTheirInterval() throws IOException {
    try (TextToImage model = TextToImage.open(changingModel(), Device.CPU, Precision.F32)) {
      StartPicture start = StartPicture.of(ControlMap.of(64, 48), 0.75);
      ImageRequest.Builder builder =
          model.request("make it red").size(64, 48).steps(4).guidance(5).seed(6).start(start);
      NetworkWork both = NetworkWork.of(model, builder);
      NetworkWork half = NetworkWork.of(model, builder.sampling(guided(0, 0.5)));
      NetworkWork none = NetworkWork.of(model, builder.sampling(guided(0.01, 0.02)));
      assertThat(half.between(none, both)).isCloseTo(0.5, within(1e-9)); // sums of whole numbers
      NetworkWork unguided = NetworkWork.of(model, builder.guidance(1));
      assertThat(none).isEqualTo(unguided);
    }
  }

  private static SamplingOptions guided(double start, double end) {
    return SamplingOptions.usual()
        .withShortcuts(Shortcuts.none().withGuidance(new GuidanceInterval(start, end)));
  }

  private static void assertChanged(String name, TextToImage model, double scale, double image)
      throws IOException {
    ImageRequest request =
        model
            .request("make it red")
            .negativePrompt("a house")
            .size(64, 48)
            .steps(4)
            .guidance(scale)
            .imageGuidance(image)
            .seed(6)
            .start(StartPicture.of(ControlMap.of(64, 48), 0.75))
            .build();
    Picture picture = model.generate(request).getFirst().picture();
    Path expected = Reference.FOLDER.resolve("control").resolve(name + ".png");
    PictureDifference.of(picture, Picture.read(expected)).isRounding();
    BatchTest.isAsAlone(model, request.toBuilder());
  }

  private static GreyPicture green(Picture picture) {
    float[] values = new float[picture.width() * picture.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (picture.at(i % picture.width(), i / picture.width()) >> 8 & 0xff) / 255f;
    }
    return GreyPicture.ofFloats(picture.width(), picture.height(), values);
  }

  @Test
  void depthForAModelThatTakesNoneIsNamed() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1")) {
      DepthSource depth = new DepthSource.Map(green(ControlMap.of(40, 30)));
      ImageRequest request = model.request("a boat").size(64, 64).depth(depth).build();
      assertThatThrownBy(() -> model.generate(request))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the model 'tiny-sd1' takes no depth map, but one was given; a ControlNet for depth"
                  + " would");
    }
  }

  @Test
  void flatPicturesAreFarEverywhere() {
    assertThat(DepthEstimator.stretched(flat()).toFloatArray()).containsOnly(-1f);
  }

  private static Tensor flat() {
    return Tensor.full(3, 1, 1, 2, 2);
  }
}
