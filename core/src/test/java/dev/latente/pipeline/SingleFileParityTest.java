package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tiny models as single files, whose names tools/reference tells: the same pictures.
class SingleFileParityTest {
  private static final LoadOptions PLAIN = LoadOptions.of(Device.CPU, Precision.F32);

  @TempDir Path folder;

  private static LoadOptions like(String model) {
    Path like = Reference.FOLDER.resolve(model);
    return PLAIN.withLike(like).withTokenizers(TokenizerFiles.of(like.resolve("tokenizer")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2", "tiny-sdxl"})
  void aSingleFileDrawsWhatItsFolderDraws(String name) throws IOException {
    Path file = SingleFiles.write(name, folder.resolve(name + ".safetensors"));
    try (TextToImage single = TextToImage.open(file, like(name));
        TextToImage whole = Reference.open(name)) {
      assertThat(single.name()).isEqualTo(name);
      assertThat(single.defaults()).isEqualTo(whole.defaults());
      for (String prompt : new String[] {"a red boat on a calm lake!", ""}) {
        ImageRequest request =
            whole.request(prompt).negativePrompt("blurry").size(64, 64).steps(3).seed(2).build();
        Picture expected = whole.generate(request).getFirst().picture();
        assertThat(single.generate(request).getFirst().picture()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aTokenizerOfAnotherSizeIsRefused() throws IOException {
    Path file = SingleFiles.write("tiny-sd1", folder.resolve("model.safetensors"));
    Path tokenizer = Files.createDirectory(folder.resolve("small"));
    Files.writeString(
        tokenizer.resolve("vocab.json"), "{\"<|startoftext|>\": 0, \"<|endoftext|>\": 1}");
    Files.writeString(tokenizer.resolve("merges.txt"), "#version: 0.2\n");
    LoadOptions options = like("tiny-sd1").withTokenizers(TokenizerFiles.of(tokenizer));
    assertThatThrownBy(() -> TextToImage.open(file, options).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("%s: expected a tokenizer of 1000 tokens, found 2 in %s", file, tokenizer);
  }

  @Test
  void withoutAVocabularyItSaysWhatIsMissing() throws IOException {
    Path file = SingleFiles.write("tiny-sd1", folder.resolve("model.safetensors"));
    LoadOptions options = PLAIN.withLike(Reference.FOLDER.resolve("tiny-sd1"));
    assertThatThrownBy(() -> TextToImage.open(file, options).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "%s: expected CLIP's vocabulary, which a single file lacks, in %s, found none",
            file, folder.toAbsolutePath());
  }
}
