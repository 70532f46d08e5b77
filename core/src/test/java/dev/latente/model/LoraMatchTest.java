package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ModelFormatException;
import dev.latente.nn.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraMatchTest {
  private static final String UNET = "model.diffusion_model.";

  /// The numbers of modules are those that kohya's scripts print when they begin to train.
  @ParameterizedTest
  @CsvSource({
    "SD_1, false, 192, lora_te, 72, '', 0",
    "SD_1, true, 192, lora_te, 72, '', 0",
    "SD_2, false, 192, lora_te, 138, '', 0",
    "SD_XL, false, 722, lora_te1, 72, lora_te2, 192",
    "SD_XL, true, 722, lora_te1, 72, lora_te2, 192"
  })
  void everyLayerThatKohyaTrainsIsFound(
      Architecture family,
      boolean original,
      int unet,
      String first,
      int firstLayers,
      String second,
      int secondLayers)
      throws IOException {
    Map<String, long[]> keys = unetKeys(family, original);
    assertThat(keys).hasSize(2 * unet);
    Checkpoint model = model(family);
    keys.putAll(textKeys(first, model, 0));
    if (!second.isEmpty()) {
      keys.putAll(textKeys(second, model, 1));
    }
    List<LoraNetwork> networks = networks(model);
    LoraMatch match = LoraMatch.of(file(keys), networks, "the model");
    assertThat(match.unmatched()).isEmpty();
    assertThat(match.layers(networks.get(0))).isEqualTo(unet);
    assertThat(match.layers(networks.get(1))).isEqualTo(firstLayers);
    assertThat(match.hits()).hasSize(unet + firstLayers + secondLayers);
    assertThat(match.hits())
        .extracting(LoraMatch.Hit::network, LoraMatch.Hit::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void originalNamesMeanTheLayersThatTheRenamingSays() throws IOException {
    Checkpoint model = model(Architecture.SD_XL);
    Map<String, long[]> keys = unetKeys(Architecture.SD_XL, true);
    LoraMatch match = LoraMatch.of(file(keys), networks(model), "the model");
    Renaming renaming = OriginalNames.unet(model.unet().config());
    Set<String> expected =
        originalLayers(Architecture.SD_XL).keySet().stream()
            .map(layer -> renaming.targets(layer + ".weight").getFirst().name())
            .collect(Collectors.toSet());
    assertThat(match.hits()).extracting(LoraMatch.Hit::name).hasSameElementsAs(expected);
    assertThat(match.hits())
        .filteredOn(hit -> hit.layer().path().equals("output_blocks_4_1_proj_in"))
        .singleElement()
        .extracting(LoraMatch.Hit::name)
        .isEqualTo("up_blocks.1.attentions.1.proj_in.weight");
  }

  @ParameterizedTest
  @CsvSource({
    "SD_1, SD_XL, Stable Diffusion XL (text of width 2048)",
    "SD_2, SD_1, Stable Diffusion 1 (text of width 768)",
    "SD_XL, SD_2, Stable Diffusion 2 (text of width 1024)",
    "SD_XL, SD_1, Stable Diffusion 1 (text of width 768)"
  })
  void aLoraOfAnotherFamilyIsNamed(Architecture model, Architecture lora, String found)
      throws IOException {
    LoraFile file = file(unetKeys(lora, lora == Architecture.SD_XL));
    assertThatThrownBy(() -> LoraMatch.of(file, networks(model(model)), "its model"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("keys: expected a LoRA for its model, found one for " + found);
  }

  @Test
  void aLoraOfAnotherKindOfNetworkIsNamed() throws IOException {
    Map<String, long[]> keys = new LinkedHashMap<>();
    add(keys, "lora_unet_double_blocks_0_img_attn_qkv", 9216, 3072);
    List<LoraNetwork> networks = networks(model(Architecture.SD_1));
    assertThatThrownBy(() -> LoraMatch.of(file(keys), networks, "its model"))
        .hasMessage(
            "keys: expected a LoRA for its model, found one for FLUX: no layer is called"
                + " 'double_blocks_0_img_attn_qkv'");
    Map<String, long[]> other = new LinkedHashMap<>();
    add(other, "lora_unet_of_my_own", 4, 4);
    assertThatThrownBy(() -> LoraMatch.of(file(other), networks, "its model"))
        .hasMessageContaining("found one for an unknown model: no layer is called 'of_my_own'");
  }

  @Test
  void whatDoesNotMatchIsListed() throws IOException {
    Map<String, long[]> keys = unetKeys(Architecture.SD_1, false);
    add(keys, "lora_unet_down_blocks_9_attentions_0_proj_in", 320, 320);
    keys.put("lora_unet_mid_block_resnets_0_conv1.lora_down.weight", new long[] {4, 9, 3, 3});
    keys.put("bundle_emb.boats.string_to_param.*", new long[] {1, 768});
    LoraMatch match = LoraMatch.of(file(keys), networks(model(Architecture.SD_1)), "its model");
    assertThat(match.hits()).hasSize(192);
    assertThat(match.unmatched())
        .containsExactlyInAnyOrder(
            "lora_unet_down_blocks_9_attentions_0_proj_in.lora_down.weight",
            "lora_unet_down_blocks_9_attentions_0_proj_in.lora_up.weight",
            "lora_unet_mid_block_resnets_0_conv1.lora_down.weight", // without its other factor
            "bundle_emb.boats.string_to_param.*");
  }

  /// As with an inpainting model, which has nine input channels.
  @Test
  void anotherInputLayerIsNoOtherFamily() throws IOException {
    Map<String, long[]> keys = unetKeys(Architecture.SD_1, false);
    keys.put("lora_unet_conv_in.diff", new long[] {320, 9, 3, 3});
    LoraMatch match = LoraMatch.of(file(keys), networks(model(Architecture.SD_1)), "its model");
    assertThat(match.hits()).hasSize(192);
    assertThat(match.unmatched()).containsExactly("lora_unet_conv_in.diff");
  }

  @Test
  void aTextEncodersSizeTellsWhichIsMeant() throws IOException {
    Map<String, long[]> keys = new LinkedHashMap<>();
    add(keys, "base_model.model.text_model.encoder.layers.0.self_attn.q_proj", 1280, 1280);
    List<LoraNetwork> networks = networks(model(Architecture.SD_XL));
    LoraMatch match = LoraMatch.of(file(keys), networks, "its model");
    assertThat(match.layers(networks.get(1))).isZero();
    assertThat(match.layers(networks.get(2))).isOne();
  }

  private static LoraFile file(Map<String, long[]> keys) throws IOException {
    return LoraFile.of(Path.of("keys"), new KeySource(keys));
  }

  private static Checkpoint model(Architecture family) throws IOException {
    Map<String, long[]> keys =
        switch (family) {
          case SD_1 -> SingleFileTest.firstModel();
          case SD_2 -> SingleFileTest.secondModel(4).shapes;
          case SD_XL -> SingleFileTest.extraLarge().shapes;
          case SD_XL_REFINER, UPSCALER -> throw new IllegalArgumentException(family.name());
        };
    return SingleFile.read(new KeySource(keys), Path.of("keys"));
  }

  private static List<LoraNetwork> networks(Checkpoint model) {
    List<LoraNetwork> networks = new ArrayList<>();
    networks.add(LoraNetwork.unet(model.unet().config(), shapes(model.unet().weights())));
    for (int i = 0; i < model.textEncoders().size(); i++) {
      LoraPart own = i == 0 ? LoraPart.TEXT_1 : LoraPart.TEXT_2;
      networks.add(
          LoraNetwork.text(
              EnumSet.of(LoraPart.TEXT, own), shapes(model.textEncoders().get(i).weights())));
    }
    return networks;
  }

  private static Map<String, long[]> shapes(TensorSource source) {
    return source.names().stream().collect(Collectors.toMap(name -> name, source::shape));
  }

  /// The matrices and 1×1 convolutions of transformers, in the original code's names.
  private static Map<String, long[]> originalLayers(Architecture family) throws IOException {
    Map<String, long[]> keys =
        switch (family) {
          case SD_1 -> SingleFileTest.firstModel();
          case SD_2 -> SingleFileTest.secondModel(4).shapes;
          case SD_XL -> SingleFileTest.extraLarge().shapes;
          case SD_XL_REFINER, UPSCALER -> throw new IllegalArgumentException(family.name());
        };
    Map<String, long[]> layers = new LinkedHashMap<>();
    keys.forEach((name, shape) -> {
      boolean inTransformer =
          name.startsWith(UNET)
              && (name.contains(".transformer_blocks.")
                  || name.matches(".*\\.1\\.proj_(in|out)\\..*"));
      if (inTransformer && name.endsWith(".weight") && shape.length > 1) {
        layers.put(name.substring(UNET.length(), name.length() - ".weight".length()), shape);
      }
    });
    return layers;
  }

  private static Map<String, long[]> unetKeys(Architecture family, boolean original)
      throws IOException {
    Renaming renaming = OriginalNames.unet(family.unet());
    Map<String, long[]> keys = new LinkedHashMap<>();
    originalLayers(family)
        .forEach((layer, shape) -> {
          String ours = renaming.targets(layer + ".weight").getFirst().name();
          String name = original ? layer : ours.substring(0, ours.length() - ".weight".length());
          add(keys, "lora_unet_" + name.replace('.', '_'), shape[0], shape[1]);
        });
    return keys;
  }

  private static Map<String, long[]> textKeys(String prefix, Checkpoint model, int index) {
    TensorSource source = model.textEncoders().get(index).weights();
    Map<String, long[]> keys = new LinkedHashMap<>();
    for (String name : new TreeSet<>(source.names())) {
      if (name.matches(".*\\.(self_attn|mlp)\\..*\\.weight")) {
        long[] shape = source.shape(name);
        String layer = name.replaceFirst("\\.weight$", "").replace('.', '_');
        add(keys, prefix + "_" + layer, shape[0], shape[1]);
      }
    }
    return keys;
  }

  private static void add(Map<String, long[]> keys, String layer, long out, long in) {
    keys.put(layer + ".lora_down.weight", new long[] {8, in});
    keys.put(layer + ".lora_up.weight", new long[] {out, 8});
  }
}
