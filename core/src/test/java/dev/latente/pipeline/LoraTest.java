package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.GenerationParameters;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.WeightSource;
import dev.latente.prompt.PromptSyntax;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTest {
  private static final Path LORAS = Reference.FOLDER.resolve("lora");
  private static final Path KOHYA = LORAS.resolve("sd1-kohya.safetensors");
  private static final Path PEFT = LORAS.resolve("sd1-peft.safetensors");

  private static TextToImage model;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws IOException {
    model = Reference.open("tiny-sd1");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static ImageRequest.Builder request(String prompt) {
    return ImageRequest.builder(prompt).size(64, 64).steps(2).seed(7);
  }

  private static ImageRequest with(LoraUse... uses) {
    return request("a boat").loras(LoraOptions.of(uses)).build();
  }

  private static byte[] draw(ImageRequest request) {
    return model.generate(request).getFirst().picture().rgb();
  }

  @Test
  void aLoraLeavesNoTrace() {
    byte[] plain = draw(request("a boat").build());
    byte[] changed = draw(with(LoraUse.of(KOHYA, 1)));
    assertThat(changed).isNotEqualTo(plain);
    assertThat(draw(request("a boat").build())).isEqualTo(plain);
    assertThat(draw(with(LoraUse.of(KOHYA, 1)))).isEqualTo(changed);
    assertThat(draw(with(LoraUse.of(KOHYA, 0)))).isEqualTo(plain);
    model.releaseLoras();
    assertThat(draw(with(LoraUse.of(KOHYA, 1)))).isEqualTo(changed);
    assertThat(draw(request("a boat").build())).isEqualTo(plain);
  }

  @Test
  void thePlainWeightsKeepEveryBit() throws IOException {
    LoadedModel loaded =
        ModelLoader.load(
            Reference.FOLDER.resolve("tiny-sd1"), LoadOptions.of(Device.CPU, Precision.BF16));
    int before = bits(loaded.weights());
    LoraShelf shelf = new LoraShelf();
    try (LoraShelf.Lease lease = shelf.take(loaded, with(LoraUse.of(KOHYA, 0.7)))) {
      WeightSource plain = loaded.loraTargets().unet().weights();
      String changed = "mid_block.attentions.0.proj_in.weight";
      assertThat(Objects.requireNonNull(plain.tensors().get(changed)).elementType())
          .isEqualTo(ElementType.BF16);
      assertThat(lease.model().unet()).isNotSameAs(loaded.unet());
    }
    assertThat(bits(loaded.weights())).isEqualTo(before);
    shelf.clear();
    assertThat(bits(loaded.weights())).isEqualTo(before);
    loaded.release();
  }

  /// Half-precision weights that stay so in memory would swallow much of a change.
  @Test
  void memoryChangesNoPicture() throws IOException {
    Path path = Reference.FOLDER.resolve("tiny-sdxl");
    ImageRequest request = with(LoraUse.of(LORAS.resolve("sdxl-kohya.safetensors"), 0.1));
    List<byte[]> pictures = new ArrayList<>();
    for (MemoryUse use : List.of(MemoryUse.LOW, MemoryUse.FAST)) {
      LoadOptions options = LoadOptions.of(Device.CPU, Precision.F32).withMemory(use);
      try (TextToImage other = TextToImage.open(path, options)) {
        pictures.add(other.generate(request).getFirst().picture().rgb());
      }
    }
    assertThat(pictures.get(0)).isEqualTo(pictures.get(1));
  }

  private static int bits(List<WeightSource> sources) {
    int hash = 1;
    for (WeightSource source : sources) {
      for (var tensor : source.tensors().values()) {
        hash = 31 * hash + Arrays.hashCode(tensor.toBytes(tensor.elementType()));
      }
    }
    return hash;
  }

  @Test
  void requestsWithOtherLorasDoNotMix() throws InterruptedException, ExecutionException {
    List<ImageRequest> requests =
        List.of(
            with(LoraUse.of(KOHYA, 1)),
            with(LoraUse.of(PEFT, 1)),
            request("a boat").build(),
            with(LoraUse.of(KOHYA, -1), LoraUse.of(PEFT, 0.5)));
    List<byte[]> alone = requests.stream().map(LoraTest::draw).toList();
    assertThat(alone.get(0)).isNotEqualTo(alone.get(1)).isNotEqualTo(alone.get(2));
    List<Future<byte[]>> together = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 12; i++) {
        ImageRequest next = requests.get(i % requests.size());
        together.add(threads.submit(() -> draw(next)));
      }
    }
    for (int i = 0; i < together.size(); i++) {
      assertThat(together.get(i).get()).isEqualTo(alone.get(i % requests.size()));
    }
  }

  @Test
  void strengthsOfNetworksAreApart() {
    byte[] unet = draw(with(new LoraUse(KOHYA, 1, 0)));
    byte[] text = draw(with(new LoraUse(KOHYA, 0, 1)));
    assertThat(unet).isNotEqualTo(text).isNotEqualTo(draw(with(LoraUse.of(KOHYA, 1))));
  }

  @Test
  void tellsWhatMatched() {
    AppliedLora lora = model.mergeLoras(with(LoraUse.of(KOHYA, 1))).getFirst();
    assertThat(lora.unetLayers()).isEqualTo(25);
    assertThat(lora.textLayers()).isEqualTo(18);
    assertThat(lora.unmatched()).isEmpty();
    assertThat(lora.info().title()).contains("boats");
    assertThat(model.mergeLoras(request("a boat").build())).isEmpty();
  }

  @Test
  void thePromptMayNameThem() throws IOException {
    byte[] expected = draw(with(new LoraUse(KOHYA, 0.9, 0.5)));
    LoraOptions options = LoraOptions.none().withFolder(LORAS);
    for (String tag : List.of("sd1-kohya:0.5:0.9", "SD1-Kohya:te=.5:unet=.9", "boats:0.5:0.9")) {
      ImageRequest request = request("a boat <lora:" + tag + ">").loras(options).build();
      assertThat(draw(request)).isEqualTo(expected);
    }
    assertThatThrownBy(() -> draw(request("a <lora:x>").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("<lora:x> in the prompt needs a folder to look in: none given (--lora-dir)");
    assertThatThrownBy(() -> draw(request("a <lora:x>").loras(options).build()))
        .hasMessageStartingWith(
            LORAS + ": expected a LoRA called 'x', found only kinds-weights, kinds, ");
    Files.createDirectory(folder.resolve("a"));
    Files.copy(KOHYA, folder.resolve("x.safetensors"));
    Files.copy(KOHYA, folder.resolve("a/x.safetensors"));
    assertThatThrownBy(() -> draw(request("a <lora:x>").loras(options.withFolder(folder)).build()))
        .hasMessageContaining("expected one LoRA called 'x', found ")
        .hasMessageContaining(folder.resolve("a/x.safetensors").toString());
    ImageRequest plain =
        request("a <lora:x>")
            .loras(options)
            .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
            .build();
    assertThat(draw(plain)).isNotEmpty(); // text, no tag
  }

  @Test
  void picturesTellOfThemAsA1111Does() {
    ImageRequest request =
        request("a boat <lora:sd1-peft:0.5>")
            .loras(LoraOptions.of(new LoraUse(KOHYA, 0.8, 1)).withFolder(LORAS))
            .build();
    GenerationParameters told = model.generate(request).getFirst().parameters();
    assertThat(told.prompt()).isEqualTo("a boat <lora:sd1-peft:0.5> <lora:sd1-kohya:1:0.8>");
    assertThat(told.values().get("Lora hashes")).startsWith("sd1-kohya: 73b346ca554b, sd1-peft: ");
    GenerationParameters read = GenerationParameters.parse(told.format());
    assertThat(read.values().get("Lora hashes")).isEqualTo(told.values().get("Lora hashes"));
  }

  @Test
  void aFileThatIsReplacedIsReadAgain() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Files.copy(KOHYA, file);
    byte[] first = draw(with(LoraUse.of(file, 1)));
    Files.delete(file);
    Files.copy(PEFT, file);
    assertThat(draw(with(LoraUse.of(file, 1)))).isNotEqualTo(first);
  }

  @Test
  void wrongFilesAreRefused() throws IOException {
    assertThatThrownBy(() -> draw(with(LoraUse.of(LORAS.resolve("sdxl-kohya.safetensors"), 1))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(
            "expected a LoRA for Stable Diffusion of its own size (text of width 32), found one for"
                + " ")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> draw(with(LoraUse.of(folder.resolve("none.safetensors"), 1))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("none.safetensors: no such file");
    assertThatThrownBy(() -> draw(with(LoraUse.of(folder, 1)))).hasMessageContaining("a folder");
    assertThatThrownBy(() -> LoraUse.of(KOHYA, Double.NaN))
        .hasMessage("the strength of a LoRA must be from -100 to 100: NaN");
    assertThat(draw(with(LoraUse.of(KOHYA, 1)))).isNotEmpty(); // still in order
  }
}
