package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.model.DiffusersFolderWriter;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaeOptionsTest {
  private static final Path SD1 = Reference.FOLDER.resolve("tiny-sd1");
  private static final Path SD2 = Reference.FOLDER.resolve("tiny-sd2");
  private static final Path TINY = Reference.FOLDER.resolve("tiny-taesd");

  private static TextToImage open(VaeOptions options) throws IOException {
    return TextToImage.open(SD1, LoadOptions.of(Device.CPU, Precision.F32).withVae(options));
  }

  private static Picture draw(VaeOptions options) throws IOException {
    return draw(SD1, LoadOptions.of(Device.CPU, Precision.F32).withVae(options));
  }

  private static Picture draw(Path path, LoadOptions options) throws IOException {
    try (TextToImage model = TextToImage.open(path, options)) {
      return model
          .generate(model.request("a red boat").size(96, 64).steps(2).build())
          .getFirst()
          .picture();
    }
  }

  @Test
  void anotherAutoencoderDrawsAnotherPicture() throws IOException {
    Picture own = draw(VaeOptions.usual());
    assertThat(draw(VaeOptions.usual().withFile(SD1.resolve("vae")))).isEqualTo(own);
    assertThat(
            draw(
                VaeOptions.usual()
                    .withFile(SD1.resolve("vae/diffusion_pytorch_model.safetensors"))))
        .isEqualTo(own);
    assertThat(draw(VaeOptions.usual().withFile(SD1))).isEqualTo(own);
    assertThat(draw(VaeOptions.usual().withFile(TINY))).isNotEqualTo(own);
  }

  @Test
  void anAutoencoderThatShrinksLessIsRefused() {
    assertThatThrownBy(() -> open(VaeOptions.usual().withFile(SD2.resolve("vae"))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageMatching(
            ".*vae: expected an autoencoder that shrinks by 8, as that of .*tiny-sd1, found 4");
  }

  @Test
  void anAutoencoderWithOtherLatentsIsRefused(@TempDir Path folder) throws IOException {
    VaeConfig eight = VaeConfig.of(List.of(4, 4, 4, 4), 1, 8, 4, 64, 1);
    FreshWeights weights = new FreshWeights(RandomNoise.seeded(1));
    Autoencoder.of(Weights.of(weights), eight);
    new DiffusersFolderWriter(folder, ElementType.F16).vae(eight, weights.tensors());
    weights.release();
    assertThatThrownBy(() -> open(VaeOptions.usual().withFile(folder.resolve("vae"))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith(
            "vae: expected an autoencoder of the U-Net's 4 channels, found latent_channels 8");
  }

  @Test
  void aFileWithoutAnAutoencoderDrawsWithAnother(@TempDir Path folder) throws IOException {
    Path whole = SingleFiles.write("tiny-sd1", folder.resolve("whole.safetensors"));
    Path without = folder.resolve("without.safetensors");
    try (Scope _ = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(whole)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (String name : file.names()) {
        if (!name.startsWith("first_stage_model.")) {
          writer.add(name, file.read(name, Precision.F16), ElementType.F16);
        }
      }
      writer.write(without);
    }
    LoadOptions plain =
        LoadOptions.of(Device.CPU, Precision.F32)
            .withLike(SD1)
            .withTokenizers(TokenizerFiles.of(SD1.resolve("tokenizer")));
    LoadOptions another = plain.withVae(VaeOptions.usual().withFile(SD1.resolve("vae")));
    assertThat(draw(without, another)).isEqualTo(draw(whole, another));
    assertThatThrownBy(() -> draw(without, plain))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("without.safetensors: expected an autoencoder (first_stage_model.…")
        .hasMessageContaining("--vae");
  }

  @Test
  void whatIsNoAutoencoderIsNamed() {
    Path unet = SD1.resolve("unet/diffusion_pytorch_model.safetensors");
    assertThatThrownBy(() -> open(VaeOptions.usual().withFile(unet)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected an autoencoder, found a U-Net alone, in diffusers' naming");
    assertThatThrownBy(() -> open(VaeOptions.usual().withFile(SD1.resolve("nothing.pt"))))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("nothing.pt: no such file");
  }

  @Test
  void previewsAreQuickLooksAtThePicture() throws IOException {
    List<Picture> previews = new ArrayList<>();
    for (VaeOptions options : List.of(VaeOptions.usual(), VaeOptions.usual().withPreview(TINY))) {
      try (TextToImage model = open(options)) {
        model.generate(
            model.request("a red boat").size(96, 64).steps(2).build(),
            progress -> previews.add(progress.previews().get().getFirst()),
            _ -> {});
      }
    }
    assertThat(previews).hasSize(6); // PNDM asks the network once more
    assertThat(previews).allMatch(look -> look.width() == 96 && look.height() == 64);
    assertThat(previews.get(2)).isNotEqualTo(previews.get(5));
  }
}
