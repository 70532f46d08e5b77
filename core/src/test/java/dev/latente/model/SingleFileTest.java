package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.ModelKind.Family;
import dev.latente.model.ModelKind.Task;
import dev.latente.model.OriginalKeys.UNetSizes;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.TensorSource;
import dev.latente.nn.Weights;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.Codec;
import dev.latente.vae.CodecConfig;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SingleFileTest {
  @TempDir Path folder;

  private static final Path PUBLISHED = Path.of("src/test/resources/dev/latente/model");
  private static final String UNET = "model.diffusion_model.";
  private static final List<Boolean> SELF = List.of(false, false, false, false);
  private static final List<Integer> VAE = List.of(1, 2, 4, 4);

  @Test
  void thePublishedFirstModelIsUsedDownToTheLastTensor() throws IOException {
    Checkpoint model = read(firstModel());
    assertThat(model.kind()).isEqualTo(new ModelKind(Family.SD_1, Task.TEXT_TO_IMAGE));
    loadAll(model);
    assertThat(model.ignored()).hasSize(13).contains("alphas_cumprod", "betas");
    assertThat(model.scheduler().prediction()).isEqualTo(Prediction.EPSILON);
    assertThat(model.predictionIsCertain()).isTrue();
  }

  @Test
  void theEnumerationOfKeysAgreesWithThePublishedFile() throws IOException {
    Map<String, long[]> published = firstModel();
    published.keySet().removeIf(name -> !name.contains("."));
    Map<String, long[]> enumerated =
        new OriginalKeys()
            .unet(
                new UNetSizes(
                    4, 320, List.of(1, 2, 4, 4), List.of(1, 1, 1, 0), 1, 768, false, SELF, 0, 0))
            .vae("first_stage_model.", 128, VAE)
            .clip("cond_stage_model.transformer.", 768, 12)
            .shapes;
    assertThat(enumerated).containsOnlyKeys(published.keySet());
    published.forEach((name, shape) -> assertThat(enumerated.get(name)).isEqualTo(shape));
  }

  @ParameterizedTest
  @CsvSource({"4, TEXT_TO_IMAGE", "9, INPAINT", "5, DEPTH", "8, INSTRUCT"})
  void theSecondModelIsKnownByItsWidthAndItsTaskByItsInput(int channels, Task task) {
    Checkpoint model = read(secondModel(channels).shapes);
    assertThat(model.kind()).isEqualTo(new ModelKind(Family.SD_2, task));
    loadAll(model);
    assertThat(model.ignored()).contains("cond_stage_model.model.logit_scale");
    boolean alone = task == Task.TEXT_TO_IMAGE;
    assertThat(model.predictionIsCertain()).isEqualTo(!alone);
    assertThat(model.scheduler().prediction())
        .isEqualTo(alone ? Prediction.V_PREDICTION : Prediction.EPSILON);
  }

  @Test
  void theExtraLargeModelHasTwoTextEncoders() {
    Checkpoint model = read(extraLarge().shapes);
    assertThat(model.kind()).isEqualTo(new ModelKind(Family.SD_XL, Task.TEXT_TO_IMAGE));
    assertThat(model.textEncoders())
        .extracting(text -> text.config().hiddenSize())
        .containsExactly(768, 1280);
    assertThat(model.emptyPromptIsZeros()).isTrue();
    assertThat(model.vae().orElseThrow().config())
        .isInstanceOfSatisfying(
            VaeConfig.class, vae -> assertThat(vae.scalingFactor()).isEqualTo(0.13025));
    loadAll(model);
  }

  @Test
  void markersTellThatAModelEstimatesV() {
    Checkpoint model = read(extraLarge().add("v_pred").add("ztsnr").shapes);
    assertThat(model.scheduler().prediction()).isEqualTo(Prediction.V_PREDICTION);
    assertThat(model.scheduler().values())
        .containsEntry("rescale_betas_zero_snr", true)
        .containsEntry("timestep_spacing", "trailing");
    assertThat(model.ignored()).contains("v_pred", "ztsnr");
  }

  @ParameterizedTest
  @CsvSource({"v, V_PREDICTION", "epsilon, EPSILON"})
  void theMetadataMayTellWhatAModelEstimates(String stated, Prediction prediction) {
    Map<String, String> metadata = Map.of("modelspec.prediction_type", stated);
    Checkpoint model =
        SingleFile.read(new KeySource(secondModel(4).shapes, metadata), Path.of("keys"));
    assertThat(model.scheduler().prediction()).isEqualTo(prediction);
    assertThat(model.predictionIsCertain()).isTrue();
  }

  @Test
  void straysBesideAWholeModelDoNoHarm() {
    Checkpoint model = read(extraLarge().add("control_model.time_embed.0.weight", 1).shapes);
    assertThat(model.kind().family()).isEqualTo(Family.SD_XL);
    assertThat(model.ignored()).contains("control_model.time_embed.0.weight");
  }

  @Test
  void theRefinerHasOneTextEncoderAndAScore() {
    UNetSizes sizes =
        new UNetSizes(
            4, 384, List.of(1, 2, 4, 4), List.of(0, 4, 4, 0), 4, 1280, true, SELF, 2560, 0);
    Checkpoint model =
        read(
            new OriginalKeys()
                .unet(sizes)
                .vae("first_stage_model.", 128, VAE)
                .openClip("conditioner.embedders.0.model.", 1280, 32)
                .shapes);
    assertThat(model.kind()).isEqualTo(new ModelKind(Family.SD_XL_REFINER, Task.TEXT_TO_IMAGE));
    assertThat(model.requiresAestheticsScore()).isTrue();
    loadAll(model);
  }

  @Test
  void theUpscalerHasItsOwnLevelsAndATableOfNoiseLevels() {
    UNetSizes sizes =
        new UNetSizes(
            7,
            256,
            List.of(1, 2, 2, 4),
            List.of(0, 1, 1, 1),
            1,
            1024,
            true,
            List.of(true, true, true, false),
            0,
            1000);
    Checkpoint model =
        read(
            new OriginalKeys()
                .unet(sizes)
                .vae("first_stage_model.", 128, List.of(1, 2, 4))
                .openClip("cond_stage_model.model.", 1024, 24)
                .shapes);
    assertThat(model.kind().task()).isEqualTo(Task.UPSCALE);
    loadAll(model);
  }

  @Test
  void namesWrittenByStableDiffusionCppAreKnown() {
    Map<String, long[]> converted = new LinkedHashMap<>();
    extraLarge()
        .shapes
        .forEach((name, shape) ->
            converted.put(
                name.replace("conditioner.embedders.0.", "cond_stage_model.")
                    .replace(
                        "conditioner.embedders.1.model.transformer.resblocks.",
                        "cond_stage_model.1.transformer.text_model.encoder.layers.")
                    .replace(
                        "conditioner.embedders.1.model.token_embedding",
                        "cond_stage_model.1.transformer.text_model.embeddings.token_embedding")
                    .replace(
                        "conditioner.embedders.1.model.positional_embedding",
                        "cond_stage_model.1.transformer.text_model.embeddings.position_embedding"
                            + ".weight")
                    .replace(
                        "conditioner.embedders.1.model.ln_final",
                        "cond_stage_model.1.transformer.text_model.final_layer_norm")
                    .replace(
                        "conditioner.embedders.1.model.text_projection",
                        "cond_stage_model.1.transformer.text_model.text_projection")
                    .replace("attn.in_proj_", "self_attn.in_proj.")
                    .replace(".attn.out_proj", ".self_attn.out_proj")
                    .replace(".ln_", ".layer_norm")
                    .replace("mlp.c_fc", "mlp.fc1")
                    .replace("mlp.c_proj", "mlp.fc2"),
                shape));
    loadAll(read(converted));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight | a LoRA",
        "unet.down_blocks.0.attentions.0.attn1.to_q.lora_A.weight | a LoRA",
        "control_model.time_embed.0.weight | a ControlNet",
        "controlnet_cond_embedding.conv_in.weight | a ControlNet",
        "model.diffusion_model.joint_blocks.0.context_block.adaLN_modulation.1.bias"
            + " | Stable Diffusion 3",
        "model.diffusion_model.double_blocks.0.img_attn.norm.key_norm.scale | FLUX",
        "double_blocks.0.img_attn.norm.key_norm.scale | FLUX",
        "edm_mean | Playground 2.5",
        "down_blocks.0.motion_modules.0.temporal_transformer.norm.weight | a motion module",
        "emb_params | a textual inversion",
        "image_proj.latents | an IP-Adapter",
        "down_blocks.0.resnets.0.conv1.weight | a U-Net alone, in diffusers' naming",
        "input_blocks.0.0.weight | a U-Net alone",
        "decoder.up.0.block.0.conv1.weight | an autoencoder alone",
        "text_model.encoder.layers.0.mlp.fc1.weight | a text encoder alone",
        "model.diffusion_model.input_blocks.0.0.weight | a U-Net of unknown sizes",
        "anything | tensors of an unknown model",
      })
  void otherFilesAreRefusedByWhatTheyAre(String name, String what) {
    assertThatThrownBy(() -> read(Map.of(name, new long[] {8, 8})))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "keys: expected a whole model of Stable Diffusion 1, 2 or XL, found %s (1 tensors, such"
                + " as %s)",
            what.equals("a motion module") ? "a motion module (AnimateDiff)" : what, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cond_stage_model."})
  void aModelWithoutAComponentIsRefused(String prefix) throws IOException {
    Map<String, long[]> keys = firstModel();
    keys.keySet().removeIf(name -> name.startsWith(prefix));
    assertThatThrownBy(() -> read(keys))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("keys: expected ")
        .hasMessageContaining(prefix)
        .hasMessageContaining("found none among");
  }

  @Test
  void aTensorTooFewIsReported() throws IOException {
    Map<String, long[]> keys = firstModel();
    keys.remove(UNET + "middle_block.1.proj_in.bias");
    assertThatThrownBy(() -> loadAll(read(keys)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("1 missing (mid_block.attentions.0.proj_in.bias [1280])");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "first_stage_model."})
  void anAutoencoderMayComeFromAnotherFile(String prefix) throws IOException {
    VaeConfig small = VaeConfig.of(List.of(32, 32, 64, 64), 2, 4, 32, 64, 0.5);
    SafetensorsWriter writer = new SafetensorsWriter();
    new OriginalKeys()
        .vae(prefix, 32, List.of(1, 1, 2, 2))
        .shapes
        .forEach((name, shape) -> {
          int bytes = (int) Arrays.stream(shape).reduce(2, (a, b) -> a * b);
          writer.add(name, ElementType.F16, shape, () -> new byte[bytes]);
        });
    Path path = folder.resolve("vae.safetensors");
    writer.write(path);
    // another width than the model's own is no fault: the file says it itself
    VaeConfig own = VaeConfig.of(List.of(128, 256, 512, 512), 2, 4, 32, 64, 0.5);
    Part<CodecConfig> vae = Checkpoint.openVae(path, own, Precision.F32);
    assertThat(vae.config()).isEqualTo(small);
    load(vae.weights(), weights -> Codec.of(weights, vae.config()));
    vae.weights().close();
  }

  private static Checkpoint read(Map<String, long[]> keys) {
    return SingleFile.read(new KeySource(keys), Path.of("keys"));
  }

  static Map<String, long[]> firstModel() throws IOException {
    Map<String, long[]> keys = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PUBLISHED.resolve("sd15-keys.tsv"))) {
      List<String> fields = List.of(line.split("\t"));
      keys.put(
          fields.get(0),
          Arrays.stream(fields.get(2).split("x")).mapToLong(Long::parseLong).toArray());
    }
    return keys;
  }

  static OriginalKeys secondModel(int channels) {
    return new OriginalKeys()
        .unet(
            new UNetSizes(
                channels, 320, List.of(1, 2, 4, 4), List.of(1, 1, 1, 0), 1, 1024, true, SELF, 0, 0))
        .vae("first_stage_model.", 128, VAE)
        .openClip("cond_stage_model.model.", 1024, 24);
  }

  static OriginalKeys extraLarge() {
    return new OriginalKeys()
        .unet(
            new UNetSizes(
                4, 320, List.of(1, 2, 4), List.of(0, 2, 10), 10, 2048, true, SELF, 2816, 0))
        .vae("first_stage_model.", 128, VAE)
        .clip("conditioner.embedders.0.transformer.", 768, 12)
        .openClip("conditioner.embedders.1.model.", 1280, 32);
  }

  /// Builds every component; fails if a tensor is missing, misshapen or left over.
  private static void loadAll(Checkpoint model) {
    UNetConfig config = model.unet().config();
    load(model.unet().weights(), weights -> UNet.of(weights, config));
    load(
        model.vae().orElseThrow().weights(),
        weights -> Codec.of(weights, model.vae().orElseThrow().config()));
    model
        .textEncoders()
        .forEach(part -> {
          ClipTextConfig text = part.config();
          load(part.weights(), weights -> ClipTextEncoder.of(weights, text));
        });
  }

  private static void load(TensorSource source, Consumer<Weights> build) {
    StoredWeights stored = new StoredWeights(KeySource.like(source), Device.CPU, Precision.F32);
    build.accept(Weights.of(stored));
    stored.finish(_ -> false);
    stored.release();
  }
}
