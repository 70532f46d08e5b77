package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A second pass with a refiner, and with LoRAs.
class HiresWithOthersTest {
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
  private static final String CHANGED = "mid_block.attentions.0.proj_in.weight";

  @TempDir private Path folder;

  private static ImageRequest.Builder request(HiresOptions hires) {
    return ImageRequest.builder("a red boat")
        .size(64, 64)
        .steps(4)
        .guidance(3)
        .seed(5)
        .sampler(SamplerKind.EULER)
        .hires(Optional.of(hires));
  }

  private static Picture drawn(TextToImage model, ImageRequest.Builder request) {
    return model.generate(request.build()).getFirst().picture();
  }

  private static TextToImage withRefiner(Path refiner) throws IOException {
    return TextToImage.open(
        Reference.FOLDER.resolve("tiny-sdxl"),
        LoadOptions.of(Device.CPU, Precision.F32).withRefiner(refiner));
  }

  /// A model that refines itself draws what it draws alone: the steps are shared out without a gap.
  /// At a strength of 0.3 the hand-over lies before the second pass, which is all the refiner's.
  @ParameterizedTest
  @CsvSource({"0.7, 0.7", "0.3, 0.5"})
  void aModelThatRefinesItselfDrawsWhatItDrawsAlone(double strength, double at) throws IOException {
    HiresOptions hires = HiresOptions.of(1.5).withStrength(strength);
    try (TextToImage model = withRefiner(Reference.FOLDER.resolve("tiny-sdxl"))) {
      Picture alone = drawn(model, request(hires));
      Picture refined = drawn(model, request(hires).refinerAt(at));
      PictureDifference.of(refined, alone).isRounding();
    }
  }

  @Test
  void aRefinerOfAnotherFamilyIsRefused() throws IOException {
    try (TextToImage model = withRefiner(Reference.FOLDER.resolve("tiny-sd1"))) {
      ImageRequest request = model.request("a boat").size(64, 64).steps(2).refinerAt(0.5).build();
      assertThatThrownBy(() -> model.generate(request))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the refiner 'tiny-sd1' cannot go on with the latents of 'tiny-sdxl': its autoencoder"
                  + " is of another family");
    }
  }

  @Test
  void aRefinerGoesOnInTheSecondPass() throws IOException {
    HiresOptions hires = HiresOptions.of(1.5).withStrength(0.6).withSteps(3);
    List<String> heard = new ArrayList<>();
    List<GeneratedImage> images = new ArrayList<>();
    try (TextToImage model = withRefiner(Reference.wholeXl("tiny-sdxl-refiner", folder))) {
      ImageRequest.Builder request = request(hires).refinerAt(0.7).count(2);
      model.generate(
          request.build(),
          step -> heard.add(step.picture() + ":" + step.step() + "/" + step.steps()),
          images::add);
      assertThat(images).extracting(GeneratedImage::picture).doesNotContain(alone(model, hires));
      assertThat(drawn(model, images.getLast().request().toBuilder()))
          .isEqualTo(images.getLast().picture());
    }
    // 4 of the first pass; of 5 the last 3, whose second begins at 0.7 of the levels or later
    assertThat(heard)
        .containsExactly(
            "1:1/7", "1:2/7", "1:3/7", "1:4/7", "1:5/7", "2:1/7", "2:2/7", "2:3/7", "2:4/7",
            "2:5/7", "1:6/7", "1:7/7", "2:6/7", "2:7/7");
    assertThat(images.getFirst().picture().width()).isEqualTo(96);
    assertThat(images.getFirst().parameters().values())
        .containsEntry("Refiner", "tiny-sdxl-refiner")
        .containsEntry("Refiner switch at", "0.7")
        .containsEntry("Hires upscale", "1.5");
  }

  private static Picture alone(TextToImage model, HiresOptions hires) {
    return drawn(model, request(hires));
  }

  /// The refiner knows no mask, but what the mask keeps is pasted back.
  @Test
  void aRefinerAfterAMaskLeavesWhatIsKept() throws IOException {
    Path starts = Reference.FOLDER.resolve("image-to-image");
    Picture start = Picture.read(starts.resolve("start.png")).resized(96, 96, Resampling.LANCZOS);
    Picture mask = Picture.read(starts.resolve("mask.png")).resized(96, 96, Resampling.LANCZOS);
    try (TextToImage model = withRefiner(Reference.wholeXl("tiny-sdxl-refiner", folder))) {
      Picture picture =
          drawn(
              model,
              request(HiresOptions.of(1.5))
                  .start(StartPicture.of(start, 0.75).withMask(mask))
                  .refinerAt(0.7));
      assertThat(picture.at(2, 2)).isEqualTo(start.at(2, 2));
      assertThat(picture.at(60, 48)).isNotEqualTo(start.at(60, 48));
    }
  }

  /// The LoRA is a whole difference of one weight, so that a model with that weight changed is the
  /// same in both passes.
  @Test
  void aLoraActsInBothPasses() throws IOException {
    Path lora = folder.resolve("lora.safetensors");
    Path merged = folder.resolve("merged");
    Reference.copy(Reference.FOLDER.resolve("tiny-sd1"), merged);
    write(lora, merged.resolve(WEIGHTS));
    HiresOptions hires = HiresOptions.of(1.5);
    try (TextToImage model = Reference.open("tiny-sd1");
        TextToImage changed = TextToImage.open(merged, Device.CPU, Precision.F32)) {
      LoraOptions use = LoraOptions.of(LoraUse.of(lora, 1));
      Picture drawn = drawn(model, request(hires).loras(use));
      PictureDifference.of(drawn, drawn(changed, request(hires))).isRounding();
      assertThat(drawn).isNotEqualTo(drawn(model, request(hires)));
    }
  }

  private void write(Path lora, Path weights) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open()) {
      try (SafetensorsFile stored = SafetensorsFile.open(weights)) {
        for (String name : stored.names()) {
          tensors.put(name, stored.read(name, Precision.F32));
        }
      }
      Tensor old = Objects.requireNonNull(tensors.get(CHANGED));
      Tensor difference = RandomNoise.seeded(1).normal(old.shape()).times(0.3);
      tensors.put(CHANGED, old.plus(difference));
      new SafetensorsWriter()
          .addAll(
              Map.of("lora_unet_mid_block_attentions_0_proj_in.diff", difference), ElementType.F32)
          .write(lora);
      Path other = folder.resolve("changed.safetensors");
      new SafetensorsWriter().addAll(tensors, ElementType.F32).write(other);
      Files.move(other, weights, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
