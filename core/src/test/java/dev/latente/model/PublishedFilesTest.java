package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ModelFormatException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishedFilesTest {
  /// Part of what stable-diffusion-v1-5 and stable-diffusion-xl-base-1.0 publish.
  private static final List<String> PUBLISHED =
      List.of(
          ".gitattributes",
          "LICENSE.md",
          "README.md",
          "feature_extractor/preprocessor_config.json",
          "model_index.json",
          "scheduler/scheduler_config.json",
          "text_encoder/config.json",
          "text_encoder/model.fp16.safetensors",
          "text_encoder/model.onnx",
          "text_encoder/model.safetensors",
          "text_encoder/pytorch_model.bin",
          "tokenizer/merges.txt",
          "tokenizer/vocab.json",
          "unet/config.json",
          "unet/diffusion_flax_model.msgpack",
          "unet/diffusion_pytorch_model.bin",
          "unet/diffusion_pytorch_model.fp16.safetensors",
          "unet/diffusion_pytorch_model.non_ema.safetensors",
          "unet/diffusion_pytorch_model.safetensors",
          "v1-5-pruned.ckpt",
          "v1-5-pruned.safetensors",
          "vae/config.json",
          "vae/diffusion_pytorch_model.safetensors",
          "vae_decoder/config.json",
          "vae_decoder/model.onnx");

  private static List<String> chosen(Optional<String> variant, List<String> names) {
    return new PublishedFiles(variant).of("o/r", names);
  }

  @Test
  void eachPartComesOnceAndAsSafetensors() {
    assertThat(chosen(Optional.empty(), PUBLISHED))
        .containsExactlyInAnyOrder(
            "LICENSE.md",
            "README.md",
            "feature_extractor/preprocessor_config.json",
            "model_index.json",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "text_encoder/model.safetensors",
            "tokenizer/merges.txt",
            "tokenizer/vocab.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
            "vae/config.json",
            "vae/diffusion_pytorch_model.safetensors",
            "vae_decoder/config.json");
  }

  @Test
  void aVariantIsTakenWhereThereIsOne() {
    assertThat(chosen(Optional.of("fp16"), PUBLISHED))
        .contains(
            "text_encoder/model.fp16.safetensors",
            "unet/diffusion_pytorch_model.fp16.safetensors",
            "vae/diffusion_pytorch_model.safetensors")
        .doesNotContain("unet/diffusion_pytorch_model.safetensors");
    assertThatThrownBy(() -> chosen(Optional.of("int4"), PUBLISHED))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("o/r: expected weights of the variant 'int4', found none");
  }

  @Test
  void dividedWeightsComeWithTheirIndex() {
    List<String> shards =
        List.of(
            "model_index.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
            "unet/diffusion_pytorch_model-00002-of-00002.safetensors",
            "unet/diffusion_pytorch_model.safetensors.index.json",
            "unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors",
            "unet/diffusion_pytorch_model.safetensors.index.fp16.json");
    assertThat(chosen(Optional.empty(), shards))
        .containsExactlyInAnyOrderElementsOf(shards.subList(0, 5));
    assertThat(chosen(Optional.of("fp16"), shards))
        .containsExactlyInAnyOrder(shards.get(0), shards.get(1), shards.get(5), shards.get(6));
  }

  @Test
  void aRepositoryOfOneFileOrOneComponentIsKnown() {
    assertThat(chosen(Optional.empty(), List.of("a.ckpt", "a.safetensors", "notes.txt")))
        .containsExactly("a.safetensors");
    assertThat(
            chosen(
                Optional.empty(),
                List.of("config.json", "diffusion_pytorch_model.safetensors", "x.png")))
        .containsExactly("config.json", "diffusion_pytorch_model.safetensors");
    assertThatThrownBy(() -> chosen(Optional.empty(), List.of("a.safetensors", "b.safetensors")))
        .hasMessage(
            "o/r: expected one model file, found 2: name one, as in o/r/a.safetensors"
                + " (a.safetensors, b.safetensors)");
    assertThatThrownBy(() -> chosen(Optional.empty(), List.of("a.png")))
        .hasMessageContaining("found a.png");
  }
}
