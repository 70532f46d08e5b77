package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolderWriter;
import dev.latente.model.ModelKind.Task;
import dev.latente.nn.ClipActivation;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelLoaderTest {
  private static final UNetConfig UNET =
      UNetConfig.builder()
          .sampleSize(20)
          .inChannels(3)
          .outChannels(3)
          .downBlockTypes(List.of(DownBlockType.CrossAttnDownBlock2D, DownBlockType.DownBlock2D))
          .upBlockTypes(List.of(UpBlockType.UpBlock2D, UpBlockType.CrossAttnUpBlock2D))
          .blockOutChannels(List.of(8, 16))
          .layersPerBlock(List.of(1))
          .attentionHeads(List.of(2))
          .crossAttentionDim(8)
          .norm(4, 1e-5)
          .build();
  private static final ClipTextConfig TEXT =
      new ClipTextConfig(1000, 8, 16, 1, 2, 77, ClipActivation.GELU, 1e-5, 8, 999, false);

  @TempDir Path folder;

  private TextToImage open() throws IOException {
    return TextToImage.open(folder, Device.CPU, Precision.F32);
  }

  /// A model that has seen nothing, and no autoencoder.
  private void writePixelModel(ClipTextConfig text) throws IOException {
    writePixelModel(UNET, text);
  }

  private void writePixelModel(UNetConfig config, ClipTextConfig text) throws IOException {
    Path tokenizer = Reference.FOLDER.resolve("tiny-sd1/tokenizer");
    SchedulerConfig scheduler =
        SchedulerConfig.stableDiffusion(Prediction.EPSILON)
            .with("clip_sample", true)
            .withSampler(SamplerKind.DDPM);
    try (Scope _ = Scope.open()) {
      FreshWeights unet = new FreshWeights(RandomNoise.seeded(1));
      UNet.of(Weights.of(unet), config);
      FreshWeights encoder = new FreshWeights(RandomNoise.seeded(2));
      ClipTextEncoder.of(Weights.of(encoder), text);
      new DiffusersFolderWriter(folder, ElementType.F32)
          .unet(config, unet.tensors())
          .textEncoder(text, encoder.tensors())
          .tokenizer(
              List.of(
                  tokenizer.resolve("vocab.json"),
                  tokenizer.resolve("merges.txt"),
                  tokenizer.resolve("special_tokens_map.json")))
          .scheduler(scheduler)
          .finish();
      unet.release();
      encoder.release();
    }
  }

  private void advise(String advice) throws IOException {
    Path index = folder.resolve("model_index.json");
    Files.writeString(
        index, Files.readString(index).replaceFirst("\\{", "{\"latente\": " + advice + ","));
  }

  @Test
  void aModelWithoutAnAutoencoderDrawsPixels() throws IOException {
    writePixelModel(TEXT);
    try (TextToImage model = open()) {
      assertThat(model.defaults().width()).isEqualTo(24); // 20 is no multiple of 8
      ImageRequest request = model.request("a boat").size(40, 16).steps(3).build();
      GeneratedImage drawn = model.generate(request).getFirst();
      assertThat(drawn.sampler()).isEqualTo(SamplerKind.DDPM);
      Picture picture = drawn.picture();
      assertThat(picture.width()).isEqualTo(40);
      assertThat(picture.height()).isEqualTo(16);
      assertThat(picture).isEqualTo(model.generate(request).getFirst().picture());
    }
  }

  /// They load like any other.
  @ParameterizedTest
  @CsvSource({"7, INPAINT", "6, INSTRUCT", "4, DEPTH"})
  void modelsThatNeedAPictureAreKnown(int channels, Task task) throws IOException {
    UNetConfig config = UNET.toBuilder().inChannels(channels).build();
    writePixelModel(config, TEXT);
    try (Scope _ = Scope.open();
        Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThat(checkpoint.kind().task()).isEqualTo(task);
      StoredWeights weights =
          new StoredWeights(checkpoint.unet().weights(), Device.CPU, Precision.F32);
      assertThat(UNet.of(Weights.of(weights), checkpoint.unet().config()).config())
          .isEqualTo(config);
      weights.finish(_ -> false);
      weights.release();
    }
  }

  @Test
  void theMakersAdviceIsTheDefault() throws IOException {
    writePixelModel(TEXT);
    advise("{\"steps\": 12, \"guidance\": 4.5}");
    try (TextToImage model = open()) {
      ImageRequest request = model.request("a boat").build();
      assertThat(request.steps()).isEqualTo(12);
      assertThat(request.guidance()).isEqualTo(4.5);
    }
  }

  @Test
  void senselessAdviceIsRefused() throws IOException {
    writePixelModel(TEXT);
    advise("{\"steps\": 0}");
    assertRefused("steps must be from 1 to 1000: 0");
    writePixelModel(TEXT);
    advise("{\"steps\": \"many\"}");
    assertRefused("latente: steps: expected a whole number");
    writePixelModel(TEXT);
    advise("12");
    assertRefused("latente: expected an object");
  }

  @Test
  void aTokenizerMustFitTheTextEncoder() throws IOException {
    writePixelModel(
        new ClipTextConfig(500, 8, 16, 1, 2, 77, ClipActivation.GELU, 1e-5, 8, 499, false));
    assertRefused("expected a tokenizer of at most 500 tokens, 77 in a prompt, found 1000 and 77");
    Files.delete(folder.resolve("tokenizer/vocab.json"));
    Files.delete(folder.resolve("tokenizer/merges.txt"));
    Files.delete(folder.resolve("tokenizer/special_tokens_map.json"));
    Files.delete(folder.resolve("tokenizer"));
    assertRefused("expected a tokenizer's files, found none");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(message);
  }
}
