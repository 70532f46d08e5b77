package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import dev.latente.image.PictureInfo;
import dev.latente.image.Png;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `latente generate` with a picture that is redrawn in part.
class MaskOptionsTest {
  @TempDir private Path folder;

  @BeforeEach
  void drawPictures() throws IOException {
    BufferedImage cutout = new BufferedImage(72, 60, BufferedImage.TYPE_INT_ARGB);
    byte[] rgb = new byte[3 * 72 * 60];
    byte[] mask = new byte[rgb.length];
    for (int y = 0; y < 60; y++) {
      for (int x = 0; x < 72; x++) {
        boolean redrawn = x >= 20 && x < 40 && y >= 20 && y < 50;
        int colour = (x * 0x30000) | (y * 0x400) | (x * y & 0xff);
        cutout.setRGB(x, y, (redrawn ? 0 : 0xff000000) | colour);
        for (int c = 0; c < 3; c++) {
          rgb[3 * (y * 72 + x) + c] = (byte) (colour >> (16 - 8 * c));
          mask[3 * (y * 72 + x) + c] = (byte) (redrawn ? 255 : 0);
        }
      }
    }
    ImageIO.write(cutout, "png", file("cutout.png").toFile());
    Png.write(file("init.png"), Picture.of(72, 60, rgb), Map.of());
    Png.write(file("mask.png"), Picture.of(72, 60, mask), Map.of());
    Png.write(file("black.png"), Picture.black(72, 60), Map.of());
    Png.write(file("small.png"), Picture.of(8, 8, new byte[3 * 8 * 8]), Map.of());
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private CommandLineRun generate(String output, String options) {
    List<String> all =
        new ArrayList<>(List.of("generate", "a boat", "-m", CommandLineRun.MODEL.toString()));
    all.addAll(List.of("--steps", "2", "--seed", "1", "-o", file(output).toString()));
    all.addAll(given(options));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  /// Names of pictures are those in the folder.
  private List<String> given(String options) {
    return List.of(options.strip().replaceAll("\\b(\\w+\\.png)", folder + "/$1").split(" +"));
  }

  private Picture picture(String name) throws IOException {
    return Picture.read(file(name));
  }

  private void assertSameOutsideTheMask(Picture drawn) throws IOException {
    Picture init = picture("init.png");
    Picture mask = picture("mask.png");
    int changed = 0;
    for (int i = 0; i < 72 * 60; i++) {
      boolean same = drawn.at(i % 72, i / 72) == init.at(i % 72, i / 72);
      assertThat(same || mask.at(i % 72, i / 72) != 0).isTrue();
      changed += same ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(20 * 30 / 2);
  }

  /// Without a feather what was drawn begins at once inside the mask; with the usual one it comes
  /// in over four pixels.
  @Test
  void aMaskWithoutGreysFadesOverFourPixelsInside() throws IOException {
    String drawn = "--init init.png --mask mask.png --size 72x56 --strength 1 --no-watermark";
    generate("usual.png", drawn).assertDone();
    generate("four.png", drawn + " --mask-feather 4").assertDone();
    generate("hard.png", drawn + " --mask-feather 0").assertDone();
    assertThat(picture("usual.png")).isEqualTo(picture("four.png"));
    assertThat(picture("usual.png")).isNotEqualTo(picture("hard.png"));
  }

  @Test
  void aCropKeepsThePicturesSizeAndWhatIsOutsideTheMask() throws IOException {
    generate("out.png", "--init init.png --mask mask.png --mask-padding 4 --size 64x64")
        .assertDone();
    assertSameOutsideTheMask(picture("out.png"));
    generate("raw.png", "--init init.png --mask mask.png --mask-padding 4 --size 64x64 --no-paste")
        .assertDone();
    assertThat(picture("raw.png").width()).isEqualTo(64);
    assertThat(picture("raw.png").height()).isEqualTo(64);
  }

  @Test
  void theTransparentPartIsTheMaskUnlessThereIsNone() throws IOException {
    CommandLineRun run = generate("out.png", "--init cutout.png --mask-padding 4 --size 64x64");
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo(
            "note: the transparent part of %s is redrawn; --mask none lays it on white and redraws all%n"
                .formatted(file("cutout.png")));
    assertSameOutsideTheMask(picture("out.png"));
    assertThat(PictureInfo.read(file("out.png")).parameters().orElseThrow().values())
        .containsEntry("Mask", "alpha")
        .containsEntry("Masked content", "fill")
        .containsEntry("Masked area padding", "4");
    generate("all.png", "--init cutout.png --mask none").assertDone();
    generate("asked.png", "--init cutout.png --mask alpha --mask-padding 4 --size 64x64")
        .assertDone();
    assertThat(picture("asked.png")).isEqualTo(picture("out.png"));
  }

  @Test
  void aPictureGrowsAndKeepsWhatItHad() throws IOException {
    CommandLineRun run = generate("out.png", "--init init.png --extend left=24,overlap=5");
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo(
            ("note: the picture grows to 96x64, since sides are multiples of 8:"
                    + " left=24,top=0,right=0,bottom=4,overlap=5%n")
                .formatted());
    Picture drawn = picture("out.png");
    assertThat(drawn.width()).isEqualTo(96);
    assertThat(drawn.height()).isEqualTo(64);
    assertThat(drawn.cropped(24 + 5, 0, 72 - 5, 55))
        .isEqualTo(picture("init.png").cropped(5, 0, 72 - 5, 55));
    generate("again.png", "--init init.png --like out.png --extend left=24,overlap=5");
    assertThat(picture("again.png")).isEqualTo(drawn);
  }

  @Test
  void whatWasSaidOfTheMaskIsSaidAgain() throws IOException {
    generate(
            "out.png",
            "--init init.png --mask mask.png --mask-padding 6 --mask-blur 1.5 --mask-feather 3"
                + " --mask-fill zero --strength 0.5 --resize-mode crop --size 64x48 --no-watermark")
        .assertDone();
    CommandLineRun.of(
            given(
                    "generate --like out.png --init init.png --mask mask.png -m "
                        + "MODEL -o again.png")
                .stream()
                .map(word -> word.replace("MODEL", CommandLineRun.MODEL.toString()))
                .toArray(String[]::new))
        .assertDone();
    assertThat(picture("again.png")).isEqualTo(picture("out.png"));
    assertThat(PictureInfo.read(file("again.png")).parameters())
        .isEqualTo(PictureInfo.read(file("out.png")).parameters());
    assertThat(PictureInfo.read(file("out.png")).parameters().orElseThrow().values())
        .containsEntry("Masked content", "latent nothing")
        .containsEntry("Mask blur", "1.5")
        .containsEntry("Mask feather", "3")
        .containsEntry("Inpaint area", "Only masked")
        .containsEntry("Resize mode", "crop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--init init.png --mask small.png | mask must have the picture's size 72x60: 8x8",
        "--init init.png --mask black.png | mask must have something white, where the picture is",
        "--init init.png --mask alpha     | --mask alpha needs a picture with a transparent part:",
        "--init init.png --mask-padding 3 | --mask-padding needs a --mask, a picture with a"
            + " transparent part or --extend",
        "--init init.png --mask-fill zero | --mask-fill needs a --mask, a picture with",
        "--mask-blur 3                    | --mask-blur needs a --mask, a picture with",
        "--init init.png --mask mask.png --mask-blur -1 | mask blur must be from 0 to 256 pixels:"
            + " -1.0",
        "--init init.png --mask mask.png --mask-blur NaN | mask blur must be from 0 to 256 pixels:",
        "--init init.png --mask mask.png --mask-feather 900 | mask feather must be from 0 to 256",
        "--init init.png --mask mask.png --mask-padding -1 | mask padding must be from 0 to 8192",
        "--init init.png --mask mask.png --mask-fill sky | mask fill must be one of original,"
            + " noise, zero, blur: 'sky'",
        "--init init.png --extend up=3    | an extension must be such as left=128,top=64,",
        "--init init.png --extend left=0  | a picture is extended by 0 to 8192 pixels at each side,"
            + " and at one at least: left=0, top=0, right=0, bottom=0",
        "--init init.png --extend left=8,overlap=5000 | overlap must be from 0 to 1024 pixels:"
            + " 5000",
        "--init init.png --extend left=8192 | width must be at most 8192: 8264",
        "--extend left=64                 | --extend needs a picture to begin with: --init IMAGE"
      })
  void wrongMasksAreNamed(String options, String message) {
    generate("x.png", options).assertRefused(ExitCode.WRONG_CALL, message);
    assertThat(file("x.png")).doesNotExist();
  }
}
