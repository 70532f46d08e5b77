package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.lora.Merging;
import dev.latente.model.LoraMatch.Hit;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class LoraFileTest {
  private static final Path FOLDER = Path.of("src/test/resources/reference/lora");

  /// The strength that the reference was computed with.
  private static final double STRENGTH = 0.7;

  @TempDir Path folder;

  /// Against the published formulas, computed by loops in double precision.
  @TestFactory
  List<DynamicTest> everyKindOfChangeIsItsFormula() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (SafetensorsFile weights =
            SafetensorsFile.open(FOLDER.resolve("kinds-weights.safetensors"));
        LoraFile lora = LoraFile.open(FOLDER.resolve("kinds.safetensors"))) {
      LoraMatch match = LoraMatch.of(lora, List.of(network(weights)), "the weights");
      assertThat(match.unmatched()).isEmpty();
      assertThat(match.hits()).hasSize(weights.names().size() / 2);
      for (Hit hit : match.hits()) {
        float[] merged = merged(lora, hit, weights);
        float[] expected = floats(weights, "merged." + hit.name());
        tests.add(
            DynamicTest.dynamicTest(
                hit.name(),
                () ->
                    assertThat(merged).containsExactly(expected, within(1e-5f)))); // f32 of order 1
      }
    }
    return tests;
  }

  private static LoraNetwork network(SafetensorsFile weights) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (String name : weights.names()) {
      if (name.startsWith("plain.")) {
        shapes.put(name.substring("plain.".length()), weights.shape(name));
      }
    }
    return LoraNetwork.unet(UNetConfig.builder().build(), shapes);
  }

  private static float[] merged(LoraFile lora, Hit hit, SafetensorsFile weights) {
    try (Scope _ = Scope.open()) {
      Merging merging = new Merging(weights.read("plain." + hit.name(), Precision.F32));
      lora.merge(hit, merging, STRENGTH);
      return merging.result(Precision.F32).toFloatArray();
    }
  }

  private static float[] floats(SafetensorsFile file, String name) {
    try (Scope _ = Scope.open()) {
      return file.read(name, Precision.F32).toFloatArray();
    }
  }

  @Test
  void tellsWhatAFileIs() throws IOException {
    try (LoraFile file = LoraFile.open(FOLDER.resolve("sd1-kohya.safetensors"))) {
      LoraInfo info = file.info();
      assertThat(info.kinds()).containsExactly(LoraKind.LORA);
      assertThat(info.ranks()).containsExactly(2, 4);
      assertThat(info.unetLayers()).isEqualTo(25);
      assertThat(info.textLayers()).isEqualTo(18);
      assertThat(info.title()).contains("boats");
      assertThat(info.baseModel()).contains("sd_v1");
      assertThat(info.tags())
          .containsExactly(new LoraInfo.Tag("boat", 11), new LoraInfo.Tag("lake", 4));
      assertThat(info.otherTensors()).isZero();
      assertThat(file.name()).isEqualTo("sd1-kohya");
      assertThat(ModelFacts.of(file.path()).kind())
          .isEqualTo(
              "a LoRA (LoRA, rank 2 to 4, for Stable Diffusion of its own size; 25 layers of the"
                  + " U-Net, 18 of text encoders; words: boat, lake)");
    }
    try (LoraFile file = LoraFile.open(FOLDER.resolve("kinds.safetensors"))) {
      assertThat(file.info().kinds()).containsExactlyInAnyOrder(LoraKind.values());
      assertThat(file.info().decomposed()).isTrue();
      assertThat(file.info().toString())
          .startsWith("LoRA and LoHa and LoKr and GLoRA and (IA)³ and full difference with DoRA");
    }
  }

  /// The numbers are those of Python's hashlib.
  @Test
  void theHashLeavesOutASafetensorsHeader() throws IOException {
    try (LoraFile file = LoraFile.open(FOLDER.resolve("sd1-kohya.safetensors"))) {
      assertThat(file.sha256())
          .isEqualTo("73b346ca554bd7465d450693e295741513af4bb016245385cf124997d7471d90");
    }
    try (LoraFile file = LoraFile.open(FOLDER.resolve("sd1-first-diffusers.bin"))) {
      assertThat(file.sha256())
          .isEqualTo("56988da87d7e3e2fcc80d53764247ba16b0da5d3d7bcc9fa5c3107a67346dbd3");
    }
  }

  @Test
  void aHashInTheHeaderCounts() throws IOException {
    Path path = folder.resolve("x.safetensors");
    String hash = "0123456789abcdef".repeat(4);
    try (Scope _ = Scope.open()) {
      layer(new SafetensorsWriter(), "lora_unet_conv_in", 4, 4)
          .metadata("sshs_model_hash", hash)
          .write(path);
    }
    try (LoraFile file = LoraFile.open(path)) {
      assertThat(file.sha256()).isEqualTo(hash);
    }
  }

  @Test
  void aFileOfPyTorchSaysTheSame() throws IOException {
    try (LoraFile torch = LoraFile.open(FOLDER.resolve("sd1-first-diffusers.bin"));
        LoraFile safe = LoraFile.open(FOLDER.resolve("sd1-old-diffusers.safetensors"))) {
      assertThat(torch.layers()).hasSize(24);
      assertThat(torch.layers().stream().map(LoraLayer::toString))
          .isEqualTo(safe.layers().stream().map(LoraLayer::toString).toList());
      assertThat(torch.layers()).allMatch(layer -> layer.part() == LoraPart.UNET);
    }
  }

  /// `lora_alpha / r`, or `lora_alpha / √r` where PEFT says `use_rslora`.
  @Test
  void peftsOwnFilesAreScaledAsTheirConfigSays() throws IOException {
    Path path = folder.resolve("adapter_model.safetensors");
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .add("base_model.model.conv_in.lora_A.weight", ones(4, 2), ElementType.F32)
          .add("base_model.model.conv_in.lora_B.weight", ones(3, 4), ElementType.F32)
          .add("base_model.model.conv_out.lora_A.weight", ones(4, 2), ElementType.F32)
          .add("base_model.model.conv_out.lora_B.weight", ones(3, 4), ElementType.F32)
          .write(path);
    }
    assertThat(change(path, "conv_in")).isEqualTo(4); // no config: as it is, rank 4
    config("{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 6}");
    assertThat(change(path, "conv_in")).isEqualTo(6);
    config(
        "{\"r\": 4, \"lora_alpha\": 6, \"use_rslora\": true, \"alpha_pattern\": {\"conv_out\":"
            + " 1}}");
    assertThat(change(path, "conv_in")).isEqualTo(12);
    assertThat(change(path, "conv_out")).isEqualTo(2);
  }

  private void config(String json) throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), json);
  }

  /// What is added to each number of a layer's zeros.
  private static double change(Path path, String layer) throws IOException {
    Map<String, long[]> shapes =
        Map.of("conv_in.weight", new long[] {3, 2}, "conv_out.weight", new long[] {3, 2});
    try (Scope _ = Scope.open();
        LoraFile file = LoraFile.open(path)) {
      LoraNetwork network = LoraNetwork.unet(UNetConfig.builder().build(), shapes);
      Hit hit =
          LoraMatch.of(file, List.of(network), "it").hits().stream()
              .filter(found -> found.layer().path().equals(layer))
              .findFirst()
              .orElseThrow();
      Merging merging = new Merging(Tensor.full(0, 3, 2));
      file.merge(hit, merging, 1);
      return merging.result(Precision.F32).mean().item();
    }
  }

  private static Tensor ones(long... shape) {
    return Tensor.full(1, shape);
  }

  private static SafetensorsWriter layer(SafetensorsWriter writer, String name, int out, int in) {
    return writer
        .add(name + ".lora_down.weight", ones(2, in), ElementType.F16)
        .add(name + ".lora_up.weight", ones(out, 2), ElementType.F16);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path path = folder.resolve("x.safetensors");
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter().add("emb_params", ones(1, 8), ElementType.F32).write(path);
      refused(path, "expected a LoRA, found 1 other tensors, such as emb_params");
      new SafetensorsWriter()
          .add("lora_unet_conv_in.oft_blocks", ones(1, 8, 8), ElementType.F32)
          .write(path);
      refused(path, "expected a LoRA, found OFT, which cannot be read");
      layer(new SafetensorsWriter(), "unet.conv_in", 4, 4)
          .add("unet.conv_in.lora_A.weight", ones(2, 4), ElementType.F32)
          .write(path);
      refused(
          path, "expected one tensor for a layer's part, found two: 'unet.conv_in.lora_A.weight'");
    }
    Files.writeString(path, "<html>not found</html>");
    refused(path, "expected a safetensors header");
    refused(folder.resolve("none.safetensors"), "none.safetensors: no such file");
  }

  private static void refused(Path path, String message) {
    assertThatThrownBy(() -> LoraFile.open(path).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith(path.toString());
  }
}
