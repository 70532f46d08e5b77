package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ClipActivation;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.TensorSource;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.Codec;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusersFolderTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  private static final UNetConfig UNET =
      UNetConfig.builder()
          .sampleSize(8)
          .downBlockTypes(List.of(DownBlockType.CrossAttnDownBlock2D, DownBlockType.DownBlock2D))
          .upBlockTypes(List.of(UpBlockType.UpBlock2D, UpBlockType.CrossAttnUpBlock2D))
          .blockOutChannels(List.of(8, 16))
          .layersPerBlock(List.of(1))
          .attentionHeads(List.of(2))
          .crossAttentionDim(8)
          .norm(4, 1e-5)
          .build();
  private static final VaeConfig VAE = VaeConfig.of(List.of(8, 8), 1, 4, 4, 16, 0.5);
  private static final ClipTextConfig TEXT =
      new ClipTextConfig(20, 8, 16, 1, 2, 77, ClipActivation.GELU, 1e-5, 8, 19, false);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2"})
  void readsWhatDiffusersWroteDownToTheLastTensor(String model) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve(model), Precision.F32)) {
      loadAll(checkpoint);
      assertThat(checkpoint.textEncoders().getFirst().tokenizer()).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16"})
  void readsBackWhatWasWritten(ElementType type) throws IOException {
    Map<String, float[]> written = writeTo(folder, type);
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThat(checkpoint.unet().config()).isEqualTo(UNET);
      assertThat(checkpoint.vae().orElseThrow().config()).isEqualTo(VAE);
      assertThat(checkpoint.textEncoders().getFirst().config()).isEqualTo(TEXT);
      assertThat(checkpoint.scheduler().prediction()).isEqualTo(Prediction.V_PREDICTION);
      loadAll(checkpoint);
      for (Map.Entry<String, float[]> entry : written.entrySet()) {
        float[] values = entry.getValue();
        try (Scope _ = Scope.open()) {
          Tensor read = checkpoint.unet().weights().read(entry.getKey(), Precision.F32);
          assertThat(read.toFloatArray())
              .isEqualTo(type == ElementType.F16 ? halves(values) : values);
        }
      }
    }
  }

  @Test
  void oldNamesOfAutoencodersAndTextEncodersAreKnown() throws IOException {
    writeTo(folder, ElementType.F32);
    rename("vae/diffusion_pytorch_model.safetensors", "to_q", "query");
    rename("vae/diffusion_pytorch_model.safetensors", "to_k", "key");
    rename("vae/diffusion_pytorch_model.safetensors", "to_v", "value");
    rename("vae/diffusion_pytorch_model.safetensors", "to_out.0", "proj_attn");
    rename("text_encoder/model.safetensors", "text_model.", "");
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      loadAll(checkpoint);
    }
  }

  @Test
  void positionsAndUnusedProjectionsAreIgnored() throws IOException {
    writeTo(folder, ElementType.F32);
    Path path = folder.resolve("text_encoder/model.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    copy(path, writer, "", "");
    writer
        .add(
            "text_model.embeddings.position_ids",
            ElementType.I64,
            new long[] {1},
            () -> new byte[8])
        .add("text_projection.weight", ElementType.F32, new long[] {1}, () -> new byte[4])
        .write(path);
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      loadAll(checkpoint);
    }
  }

  @Test
  void theVariantNearestToTheWantedPrecisionIsTaken() throws IOException {
    writeTo(folder, ElementType.F32);
    Path whole = folder.resolve("unet/diffusion_pytorch_model.safetensors");
    Path half = folder.resolve("unet/diffusion_pytorch_model.fp16.safetensors");
    Files.copy(whole, half);
    assertThat(unetOrigin(Precision.F32)).isEqualTo(whole.toString());
    assertThat(unetOrigin(Precision.F16)).isEqualTo(half.toString());
    assertThat(unetOrigin(Precision.BF16)).isEqualTo(whole.toString());
    Files.delete(whole);
    assertThat(unetOrigin(Precision.F32)).isEqualTo(half.toString());
  }

  @Test
  void weightsMayBeDividedOverFiles() throws IOException {
    writeTo(folder, ElementType.F32);
    shard("fp16.safetensors.index.json");
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThat(checkpoint.unet().weights().origin()).endsWith("index.json");
      loadAll(checkpoint);
    }
  }

  @Test
  void anIndexWithoutItsFilesLeavesTheTurnToAnotherVariant() throws IOException {
    writeTo(folder, ElementType.F32);
    Path whole = folder.resolve("unet/diffusion_pytorch_model.safetensors");
    Path half = folder.resolve("unet/diffusion_pytorch_model.fp16.safetensors");
    Files.move(whole, half);
    Path index = folder.resolve("unet/diffusion_pytorch_model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"conv_in.weight\":\"gone.safetensors\"}}");
    assertThat(unetOrigin(Precision.F32)).isEqualTo(half.toString());
  }

  @Test
  void aLinkToNothingIsCalledOne() throws IOException {
    writeTo(folder, ElementType.F32);
    Path whole = folder.resolve("unet/diffusion_pytorch_model.safetensors");
    Files.delete(whole);
    Files.createSymbolicLink(whole, Path.of("../blobs/gone"));
    assertRefused("found config.json, diffusion_pytorch_model.safetensors (a link to nothing)");
  }

  @Test
  void aShardOutsideTheFolderIsRefused() throws IOException {
    writeTo(folder, ElementType.F32);
    Files.delete(folder.resolve("unet/diffusion_pytorch_model.safetensors"));
    Path index = folder.resolve("unet/diffusion_pytorch_model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"conv_in.weight\":\"../vae/x.safetensors\"}}");
    assertRefused(
        "tensor 'conv_in.weight': expected a file's name, found \"../vae/x.safetensors\"");
    Files.writeString(index, "{\"weight_map\":{\"conv_in.weight\":\"gone.safetensors\"}}");
    assertRefused("expected the file gone.safetensors beside it, found no such file");
    Files.writeString(index, "{}");
    assertRefused("expected an object weight_map, found nothing");
  }

  @Test
  void whatIsMissingOrLeftOverIsNamed() throws IOException {
    writeTo(folder, ElementType.F32);
    rename("unet/diffusion_pytorch_model.safetensors", "conv_in.weight", "conv_inn.weight");
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThatThrownBy(() -> loadAll(checkpoint))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("1 missing (conv_in.weight [8, 4, 3, 3])")
          .hasMessageContaining("1 left over (conv_inn.weight)");
    }
  }

  @Test
  void aFolderThatIsNoModelIsRefused() throws IOException {
    assertRefused("expected a model folder with model_index.json, found an empty folder");
    Files.writeString(folder.resolve("notes.txt"), "");
    assertRefused("expected a model folder with model_index.json, found notes.txt");
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Checkpoint.open(none, Precision.F32))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(none.toString())
        .hasMessageEndingWith("found no such folder");
  }

  @Test
  void anotherArchitectureIsRefusedByName() throws IOException {
    Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\":\"FluxPipeline\"}");
    assertRefused("unsupported architecture 'FluxPipeline'; supported: LatentConsistency");
  }

  @Test
  void aMissingComponentIsNamed() throws IOException {
    writeTo(folder, ElementType.F32);
    Path index = folder.resolve("model_index.json");
    String text = Files.readString(index);
    Files.writeString(index, text.replace("\"unet\"", "\"other\""));
    assertRefused("model_index.json: expected a U-Net ('unet'), found none");
    Files.writeString(index, text.replace("AutoencoderKL", "ConsistencyDecoderVAE"));
    assertRefused(
        "vae: unsupported class 'ConsistencyDecoderVAE'; supported: AutoencoderKL,"
            + " AutoencoderTiny");
    Files.writeString(index, text);
    Path unet = folder.resolve("unet");
    Files.move(unet, folder.resolve("moved"));
    assertRefused("expected a folder 'unet', as model_index.json says, found none");
    Files.move(folder.resolve("moved"), unet);
    Files.delete(unet.resolve("config.json"));
    assertRefused("config.json: no such file");
  }

  @Test
  void weightsInPyTorchFilesAreReadIfThereAreNoOthers() throws IOException {
    writeTo(folder, ElementType.F32);
    Path weights = folder.resolve("text_encoder/model.safetensors");
    Path pickled = weights.resolveSibling("pytorch_model.bin");
    Files.copy(REFERENCE.resolve("torch/tensors.ckpt"), pickled);
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThat(checkpoint.textEncoders().getFirst().weights().origin())
          .isEqualTo(weights.toString());
    }
    Files.delete(weights);
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThat(checkpoint.textEncoders().getFirst().weights().names()).contains("f32");
    }
    Files.delete(pickled);
    assertRefused("expected model.safetensors, found config.json");
  }

  @Test
  void aModelWithoutAnAutoencoderSeesPixels() throws IOException {
    try (Scope _ = Scope.open()) {
      FreshWeights fresh = new FreshWeights(RandomNoise.seeded(1));
      UNet.of(Weights.of(fresh), UNET);
      FreshWeights text = new FreshWeights(RandomNoise.seeded(1));
      ClipTextEncoder.of(Weights.of(text), TEXT);
      new DiffusersFolderWriter(folder, ElementType.F32)
          .unet(UNET, fresh.tensors())
          .textEncoder(TEXT, text.tensors())
          .scheduler(SchedulerConfig.stableDiffusion(Prediction.EPSILON))
          .finish();
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder, Precision.F32)) {
      assertThat(checkpoint.vae()).isEmpty();
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Checkpoint.open(folder, Precision.F32))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private String unetOrigin(Precision wanted) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder, wanted)) {
      return checkpoint.unet().weights().origin();
    }
  }

  /// Writes a small fresh model, and returns its U-Net's numbers.
  private static Map<String, float[]> writeTo(Path folder, ElementType type) throws IOException {
    try (Scope _ = Scope.open()) {
      FreshWeights unet = new FreshWeights(RandomNoise.seeded(1));
      UNet.of(Weights.of(unet), UNET);
      FreshWeights vae = new FreshWeights(RandomNoise.seeded(2));
      Autoencoder.of(Weights.of(vae), VAE);
      FreshWeights text = new FreshWeights(RandomNoise.seeded(3));
      ClipTextEncoder.of(Weights.of(text), TEXT);
      new DiffusersFolderWriter(folder, type)
          .unet(UNET, unet.tensors())
          .vae(VAE, vae.tensors())
          .textEncoder(TEXT, text.tensors())
          .scheduler(SchedulerConfig.stableDiffusion(Prediction.V_PREDICTION))
          .finish();
      Map<String, float[]> numbers = new TreeMap<>();
      unet.tensors().forEach((name, tensor) -> numbers.put(name, tensor.toFloatArray()));
      Stream.of(unet, vae, text).forEach(WeightSource::release);
      return numbers;
    }
  }

  /// Builds every component; fails if a tensor is missing, misshapen or left over.
  private static void loadAll(Checkpoint checkpoint) {
    StoredWeights unet = stored(checkpoint.unet().weights());
    UNet.of(Weights.of(unet), checkpoint.unet().config());
    unet.finish(_ -> false);
    StoredWeights vae = stored(checkpoint.vae().orElseThrow().weights());
    Codec.of(Weights.of(vae), checkpoint.vae().orElseThrow().config());
    vae.finish(_ -> false);
    StoredWeights text = stored(checkpoint.textEncoders().getFirst().weights());
    ClipTextEncoder.of(Weights.of(text), checkpoint.textEncoders().getFirst().config());
    text.finish(_ -> false);
    Stream.of(unet, vae, text).forEach(WeightSource::release);
  }

  private static StoredWeights stored(TensorSource source) {
    return new StoredWeights(source, Device.CPU, Precision.F32);
  }

  private static float[] halves(float[] values) {
    float[] halves = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
    }
    return halves;
  }

  private void rename(String file, String from, String to) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    copy(folder.resolve(file), writer, from, to);
    writer.write(folder.resolve(file));
  }

  private static void copy(Path path, SafetensorsWriter writer, String from, String to)
      throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        Scope _ = Scope.open()) {
      for (String name : file.names()) {
        Tensor tensor = file.read(name, Precision.F32);
        byte[] bytes = tensor.toBytes(ElementType.F32);
        writer.add(name.replace(from, to), ElementType.F32, file.shape(name), () -> bytes);
      }
    }
  }

  /// Divides the U-Net's weights over two files by turns.
  private void shard(String suffix) throws IOException {
    Path whole = folder.resolve("unet/diffusion_pytorch_model.safetensors");
    List<SafetensorsWriter> writers = List.of(new SafetensorsWriter(), new SafetensorsWriter());
    Map<String, String> places = new TreeMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(whole);
        Scope _ = Scope.open()) {
      int turn = 0;
      for (String name : file.names()) {
        byte[] bytes = file.read(name, Precision.F32).toBytes(ElementType.F32);
        writers.get(turn).add(name, ElementType.F32, file.shape(name), () -> bytes);
        places.put(name, "part-%d.safetensors".formatted(turn));
        turn = 1 - turn;
      }
    }
    for (int i = 0; i < 2; i++) {
      writers.get(i).write(whole.resolveSibling("part-%d.safetensors".formatted(i)));
    }
    Files.delete(whole);
    Files.writeString(
        whole.resolveSibling("diffusion_pytorch_model." + suffix),
        "{\"weight_map\":{%s}}"
            .formatted(
                String.join(
                    ",",
                    places.entrySet().stream()
                        .map(e -> "\"%s\":\"%s\"".formatted(e.getKey(), e.getValue()))
                        .toList())));
  }
}
