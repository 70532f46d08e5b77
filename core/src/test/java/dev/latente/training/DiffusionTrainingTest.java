package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.pipeline.GeneratedImage;
import dev.latente.pipeline.TextToImage;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffusionTrainingTest {
  private static final SmallModel SIZES =
      new SmallModel(16, List.of(8, 8), 4, List.of(16, 16), 1, 16, 1, 600);

  @TempDir Path folder;
  private ImageFolder data;

  @BeforeEach
  void drawPictures() throws IOException {
    data = ColouredSquares.write(folder.resolve("pictures"), 16, "red", "green", "blue", "white");
  }

  @Test
  void whatWasTrainedAmongLatentsIsLoadedLikeAnyModel() throws IOException {
    VaeTraining vae = new VaeTraining(SIZES.vae(), plan(3), 16, 1e-6, 0.2, new VaeStart.Fresh());
    assertThat(vae.run(data, folder.resolve("vae-run"), new Losses())).isTrue();
    Path out = folder.resolve("run");
    DiffusionTraining training = diffusion(Optional.of(folder.resolve("vae-run/vae")), 4);
    assertThat(training.run(data, out, new Losses())).isTrue();
    assertDraws(out.resolve("model"));
  }

  @Test
  void whatWasTrainedAmongPixelsIsLoadedToo() throws IOException {
    Path out = folder.resolve("run");
    Losses losses = new Losses();
    assertThat(diffusion(Optional.empty(), 150).run(data, out, losses)).isTrue();
    assertThat(losses.values.getLast()).isLessThan(0.85 * losses.values.getFirst());
    assertDraws(out.resolve("model"));
  }

  @Test
  void aTrainedModelIsTrainedFurther() throws IOException {
    diffusion(Optional.empty(), 5).run(data, folder.resolve("first"), new Losses());
    Path model = folder.resolve("first/model");
    TrainingPlan still = new TrainingPlan(2, 4, 1e-9, 1, 0, 1, 0, 3, Precision.F32, 9, 9);
    DiffusionTraining further =
        DiffusionTraining.from(
            new DiffusionStart.Whole(model),
            Optional.empty(),
            still,
            0.1,
            Focus.NONE,
            List.of("a red picture"));
    assertThat(further.run(data, folder.resolve("second"), new Losses())).isTrue();
    Path same = folder.resolve("second/model");
    assertDraws(same);
    for (String file :
        List.of(
            "tokenizer/vocab.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors", // at so small a rate nothing moves in f16
            "text_encoder/model.safetensors")) {
      assertThat(same.resolve(file)).hasSameBinaryContentAs(model.resolve(file));
    }
  }

  @Test
  void aFrozenTextEncoderStaysWhatItWas() throws IOException {
    diffusion(Optional.empty(), 5).run(data, folder.resolve("first"), new Losses());
    Path model = folder.resolve("first/model");
    DiffusionTraining further =
        DiffusionTraining.from(
            new DiffusionStart.UNetOnly(model),
            Optional.empty(),
            plan(5),
            0.1,
            Focus.NONE,
            List.of("a red picture"));
    assertThat(further.run(data, folder.resolve("second"), new Losses())).isTrue();
    Path second = folder.resolve("second/model");
    assertThat(second.resolve("text_encoder/model.safetensors"))
        .hasSameBinaryContentAs(model.resolve("text_encoder/model.safetensors"));
    String unet = "unet/diffusion_pytorch_model.safetensors";
    assertThat(Files.mismatch(second.resolve(unet), model.resolve(unet))).isNotNegative();
  }

  @Test
  void refusesAnAutoencoderOfAnotherWidth() throws IOException {
    SmallModel wider = new SmallModel(16, List.of(8, 8), 6, List.of(16), 1, 16, 1, 600);
    new VaeTraining(wider.vae(), plan(1), 16, 1e-6, 0.2, new VaeStart.Fresh())
        .run(data, folder.resolve("wide"), new Losses());
    assertThatThrownBy(() ->
            diffusion(Optional.of(folder.resolve("wide/vae")), 1)
                .run(data, folder.resolve("run"), new Losses()))
        .hasMessage("the U-Net's in_channels must be the autoencoder's latent_channels: 6, not 4");
  }

  private static void assertDraws(Path model) throws IOException {
    try (TextToImage loaded = TextToImage.open(model, Device.CPU, Precision.F32)) {
      assertThat(loaded.defaults().guidance())
          .isEqualTo(DiffusionTraining.GUIDANCE); // not the usual 7.5
      GeneratedImage drawn =
          loaded.generate(loaded.request("a red picture").steps(2).seed(1).build()).getFirst();
      assertThat(drawn.picture().width()).isEqualTo(16);
      assertThat(drawn.picture().height()).isEqualTo(16);
    }
  }

  private static DiffusionTraining diffusion(Optional<Path> vae, long steps) {
    return new DiffusionTraining(
        vae.isPresent() ? SIZES.latentUNet() : SIZES.pixelUNet(),
        SIZES.text(),
        SmallModel.scheduler(),
        vae,
        plan(steps),
        0.1,
        new Focus(5, 1, 0.8, -0.1),
        List.of("a red picture"),
        new DiffusionStart.Fresh());
  }

  private static TrainingPlan plan(long steps) {
    return new TrainingPlan(steps, 4, 2e-3, 2, 0.9, 1, 0.01, 3, Precision.F32, 100, steps);
  }
}
