package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.PictureOrigin.Other;
import dev.latente.image.PictureOrigin.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The files were written by Pillow (`tools/reference/picture_remarks.py`).
class PictureInfoTest {
  private static final Path FILES = Path.of("src/test/resources/dev/latente/image");

  private static PictureInfo read(String name) throws IOException {
    return PictureInfo.read(FILES.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a1111.jpg", "little-endian.jpg", "ascii.jpg", "a1111.webp"})
  void parametersAreFoundInTheCommentOfACamera(String name) throws IOException {
    GenerationParameters made = read(name).parameters().orElseThrow();
    assertThat(made.prompt()).isEqualTo("ein rotes Boot, 赤い船");
    assertThat(made.negativePrompt()).isEqualTo("blurry");
    assertThat(made.value("Sampler")).contains("DPM++ 2M Karras");
    assertThat(made.value("Seed")).contains("42");
  }

  @ParameterizedTest
  @CsvSource({
    "comfyui.png,COMFYUI",
    "comfyui.webp,COMFYUI",
    "invokeai.png,INVOKEAI",
    "novelai.png,NOVELAI"
  })
  void otherProgramsFormsAreNamed(String name, Program program) throws IOException {
    assertThat(read(name).origin())
        .isInstanceOfSatisfying(
            Other.class,
            other -> {
              assertThat(other.program()).isEqualTo(program);
              assertThat(other.description()).startsWith("{");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"comment.jpg", "lossless.webp"})
  void anOrdinaryPictureSaysNothing(String name) throws IOException {
    assertThat(read(name).origin()).isEqualTo(new PictureOrigin.Unknown());
  }

  @ParameterizedTest
  @CsvSource({"a1111.jpg,JPEG", "a1111.webp,WEBP", "lossless.webp,WEBP", "comfyui.png,PNG"})
  void sizeAndFormatAreReadWithoutThePixels(String name, String format) throws IOException {
    PictureInfo info = read(name);
    assertThat(info.format()).isEqualTo(format);
    assertThat(info.width()).isEqualTo(24);
    assertThat(info.height()).isEqualTo(16);
  }

  @Test
  void whatWasWrittenIsReadBack() {
    GenerationParameters made =
        new GenerationParameters("a boat", "", Map.of("Steps", "2", "Seed", "3", "Size", "8x8"));
    Picture picture = Picture.of(8, 8, new byte[192]);
    byte[] file = Png.encode(picture, Map.of(Png.PARAMETERS, made.format()));
    assertThat(PictureInfo.decode(file, "it").parameters()).contains(made);
  }

  @Test
  void brokenRemarksAreRefusedInOneLineOrPassedOver() throws IOException {
    Random random = new Random(1);
    for (String name : new String[] {"a1111.jpg", "a1111.webp", "comfyui.png"}) {
      byte[] file = PictureReader.bytes(FILES.resolve(name));
      for (int i = 0; i < 150; i++) {
        byte[] changed =
            Arrays.copyOf(file, i % 2 == 0 ? file.length : random.nextInt(file.length));
        for (int j = 0; j < 4 && changed.length > 0; j++) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        readOrRefuse(changed);
      }
    }
  }

  private static void readOrRefuse(byte[] file) {
    try {
      assertThat(PictureInfo.decode(file, "it").format()).isNotEmpty();
    } catch (ImageFormatException e) {
      assertThat(e.getMessage()).startsWith("it: ").doesNotContain("\n");
    }
  }

  @Test
  void whatIsNoPictureIsRefused() {
    assertThatThrownBy(() -> PictureInfo.decode("hello".getBytes(), "it"))
        .isInstanceOf(ImageFormatException.class)
        .hasMessageStartingWith("it: expected a picture");
  }
}
