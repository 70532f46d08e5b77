package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.nn.ClipActivation;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads the configs of the public models as they were published.
class PublishedConfigsTest {
  private static final Path PUBLISHED = Path.of("src/test/resources/dev/latente/model/published");

  @Test
  void theFirstUNetHasEightHeadsEverywhere() throws IOException {
    UNetConfig config = UNetJson.read(json("stable-diffusion-v1-5/unet/config.json"));
    assertThat(config)
        .isEqualTo(UNetConfig.builder().sampleSize(64).crossAttentionDim(768).build());
    assertThat(config.attentionHeads()).containsExactly(8, 8, 8, 8);
    assertThat(ModelKind.of(config)).hasToString("Stable Diffusion 1, text to image");
  }

  @Test
  void theSecondUNetHasHeadsPerLevelAndLinearProjections() throws IOException {
    UNetConfig config = UNetJson.read(json("stable-diffusion-2-1/unet/config.json"));
    assertThat(config.attentionHeads()).containsExactly(5, 10, 20, 20);
    assertThat(config.useLinearProjection()).isTrue();
    assertThat(config.upcastAttention()).isTrue();
    assertThat(config.crossAttentionDim()).isEqualTo(1024);
    assertThat(ModelKind.of(config).family()).isEqualTo(ModelKind.Family.SD_2);
  }

  @Test
  void theExtraLargeUNetIsToldSizesAndPooledText() throws IOException {
    UNetConfig config = UNetJson.read(json("stable-diffusion-xl-base-1.0/unet/config.json"));
    assertThat(config.additionEmbed()).isEqualTo(new AdditionEmbed.TextTime(256, 2816));
    assertThat(config.transformerLayersPerBlock()).containsExactly(1, 2, 10);
    assertThat(config.downBlockTypes())
        .containsExactly(
            DownBlockType.DownBlock2D,
            DownBlockType.CrossAttnDownBlock2D,
            DownBlockType.CrossAttnDownBlock2D);
    assertThat(config.upBlockTypes())
        .containsExactly(
            UpBlockType.CrossAttnUpBlock2D, UpBlockType.CrossAttnUpBlock2D, UpBlockType.UpBlock2D);
    assertThat(ModelKind.of(config).family()).isEqualTo(ModelKind.Family.SD_XL);
  }

  @Test
  void theRefinerHasItsOwnWidth() throws IOException {
    UNetConfig config = UNetJson.read(json("stable-diffusion-xl-refiner-1.0/unet/config.json"));
    assertThat(config.blockOutChannels()).containsExactly(384, 768, 1536, 1536);
    assertThat(config.transformerLayersPerBlock()).containsExactly(4, 4, 4, 4);
    assertThat(config.additionEmbed()).isEqualTo(new AdditionEmbed.TextTime(256, 2560));
    assertThat(ModelKind.of(config).family()).isEqualTo(ModelKind.Family.SD_XL_REFINER);
  }

  @Test
  void theUpscalerSeesAPictureAndItsNoiseLevel() throws IOException {
    UNetConfig config = UNetJson.read(json("stable-diffusion-x4-upscaler/unet/config.json"));
    assertThat(config.onlyCrossAttention()).containsExactly(true, true, true, false);
    assertThat(config.numClassEmbeds()).isEqualTo(OptionalInt.of(1000));
    assertThat(ModelKind.of(config).task()).isEqualTo(ModelKind.Task.UPSCALE);
    VaeConfig vae = VaeJson.read(json("stable-diffusion-x4-upscaler/vae/config.json"));
    assertThat(vae.downscale()).isEqualTo(4);
    assertThat(vae.scalingFactor()).isEqualTo(0.08333);
  }

  @Test
  void nineInputChannelsMeanInpainting() throws IOException {
    UNetConfig config =
        UNetJson.read(json("stable-diffusion-xl-1.0-inpainting-0.1/unet/config.json"));
    assertThat(ModelKind.of(config)).hasToString("Stable Diffusion XL, inpainting");
  }

  @Test
  void theAutoencodersDifferInTheScaleOfTheirLatents() throws IOException {
    VaeConfig first = VaeJson.read(json("stable-diffusion-v1-5/vae/config.json"));
    assertThat(first).isEqualTo(VaeConfig.of(List.of(128, 256, 512, 512), 2, 4, 32, 512, 0.18215));
    assertThat(first.downscale()).isEqualTo(8);
    VaeConfig large = VaeJson.read(json("stable-diffusion-xl-base-1.0/vae/config.json"));
    assertThat(large.scalingFactor()).isEqualTo(0.13025);
    assertThat(large.forceUpcast()).isTrue();
  }

  @Test
  void theTextEncodersDifferInSizeAndActivation() throws IOException {
    ClipTextConfig openAi =
        ClipTextJson.read(json("stable-diffusion-v1-5/text_encoder/config.json"), false);
    assertThat(openAi)
        .isEqualTo(
            new ClipTextConfig(
                49408, 768, 3072, 12, 12, 77, ClipActivation.QUICK_GELU, 1e-5, 768, 2, false));
    ClipTextConfig open =
        ClipTextJson.read(json("stable-diffusion-xl-base-1.0/text_encoder_2/config.json"), true);
    assertThat(open)
        .isEqualTo(
            new ClipTextConfig(
                49408, 1280, 5120, 32, 20, 77, ClipActivation.GELU, 1e-5, 1280, 2, true));
  }

  @Test
  void aSchedulerKeepsWhatItsFileSays() throws IOException {
    SchedulerConfig pndm =
        SchedulerJson.read(json("stable-diffusion-v1-5/scheduler/scheduler_config.json"));
    assertThat(pndm.className()).isEqualTo("PNDMScheduler");
    assertThat(pndm.values())
        .containsEntry("beta_schedule", "scaled_linear")
        .containsEntry("beta_start", 0.00085)
        .containsEntry("steps_offset", 1)
        .containsEntry("skip_prk_steps", true)
        .doesNotContainKey("timestep_spacing");
    assertThat(pndm.prediction()).isEqualTo(Prediction.EPSILON);
    assertThat(
            SchedulerJson.read(json("stable-diffusion-2-1/scheduler/scheduler_config.json"))
                .prediction())
        .isEqualTo(Prediction.V_PREDICTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stable-diffusion-v1-5",
        "stable-diffusion-2-1",
        "stable-diffusion-xl-base-1.0",
        "stable-diffusion-xl-refiner-1.0",
        "stable-diffusion-x4-upscaler",
        "stable-diffusion-xl-1.0-inpainting-0.1"
      })
  void whatIsWrittenIsReadBack(String model) throws IOException {
    UNetConfig unet = UNetJson.read(json(model + "/unet/config.json"));
    assertThat(UNetJson.read(new ConfigReader("unet", UNetJson.write(unet)))).isEqualTo(unet);
    VaeConfig vae = VaeJson.read(json(model + "/vae/config.json"));
    assertThat(VaeJson.read(new ConfigReader("vae", VaeJson.write(vae)))).isEqualTo(vae);
    ClipTextConfig text = ClipTextJson.read(json(model + "/text_encoder/config.json"), true);
    assertThat(ClipTextJson.read(new ConfigReader("text", ClipTextJson.write(text)), true))
        .isEqualTo(text);
    SchedulerConfig scheduler =
        SchedulerJson.read(json(model + "/scheduler/scheduler_config.json"));
    assertThat(SchedulerJson.read(new ConfigReader("scheduler", SchedulerJson.write(scheduler))))
        .isEqualTo(scheduler);
  }

  @ParameterizedTest
  @CsvSource({
    "SD_1, stable-diffusion-v1-5",
    "SD_2, stable-diffusion-2-1",
    "SD_XL, stable-diffusion-xl-base-1.0",
    "SD_XL_REFINER, stable-diffusion-xl-refiner-1.0",
    "UPSCALER, stable-diffusion-x4-upscaler"
  })
  void theSizesOfSingleFilesAreThoseOfThePublishedFolders(Architecture architecture, String model)
      throws IOException {
    assertThat(architecture.unet()).isEqualTo(UNetJson.read(json(model + "/unet/config.json")));
    assertThat(architecture.vae()).isEqualTo(VaeJson.read(json(model + "/vae/config.json")));
    SchedulerConfig scheduler =
        SchedulerJson.read(json(model + "/scheduler/scheduler_config.json"));
    SchedulerConfig known = SchedulerJson.read(new ConfigReader("known", architecture.scheduler()));
    assertThat(known.className()).isEqualTo(scheduler.className());
    assertThat(scheduler.values()).containsAllEntriesOf(known.values());
    ClipTextConfig last = architecture.texts().getLast();
    String encoder = architecture.texts().size() == 2 ? "text_encoder_2" : "text_encoder";
    ClipTextConfig published =
        ClipTextJson.read(json(model + "/" + encoder + "/config.json"), last.withProjection());
    // the published files have the wrong id 2 as end mark, which stands for the largest id
    assertThat(last).usingRecursiveComparison().ignoringFields("eosTokenId").isEqualTo(published);
  }

  private static ConfigReader json(String name) throws IOException {
    return new ConfigReader(name, Json.read(PUBLISHED.resolve(name)));
  }
}
