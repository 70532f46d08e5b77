package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import dev.latente.image.Png;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each picture that cannot be what it is given for is refused in one clear line.
class BadPictureTest {
  @TempDir private Path folder;

  @BeforeEach
  void drawAPicture() throws IOException {
    Png.write(folder.resolve("init.png"), Picture.black(64, 64), Map.of());
  }

  private CommandLineRun generate(String... options) {
    List<String> all =
        new ArrayList<>(List.of("generate", "a boat", "-m", CommandLineRun.MODEL.toString()));
    all.addAll(List.of("--steps", "2", "--seed", "1", "-o", folder.resolve("x.png").toString()));
    for (String option : options) {
      all.add(option.replace("DIR", folder.toString()));
    }
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  /// A PNG file's header of 20,000 x 20,000 pixels, which would take 1.2 GB, in 60 bytes.
  private Path huge() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeLong(0x89504e470d0a1a0aL);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.write("IHDR".getBytes(StandardCharsets.US_ASCII));
    fields.writeInt(20_000);
    fields.writeInt(20_000);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    CRC32 check = new CRC32();
    check.update(header.toByteArray());
    data.writeInt(13);
    data.write(header.toByteArray());
    data.writeInt((int) check.getValue());
    return Files.write(folder.resolve("huge.png"), bytes.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--init", "--mask", "--reference", "--depth", "--control"})
  void aHeaderOfTwentyThousandPixelsIsRefusedBeforeMemoryIsTaken(String option) throws IOException {
    Path huge = huge();
    String message = "huge.png: expected at most 67108864 pixels, found 20000x20000";
    switch (option) {
      case "--init" -> generate("--init", huge + "").assertRefused(ExitCode.FAILED, message);
      case "--mask" ->
          generate("--init", "DIR/init.png", "--mask", huge + "")
              .assertRefused(ExitCode.FAILED, message);
      case "--reference" ->
          generate("--reference", huge + "", "--reference-model", "x.bin")
              .assertRefused(ExitCode.FAILED, message);
      case "--depth" -> generate("--depth", huge + "").assertRefused(ExitCode.FAILED, message);
      default -> generate("--control", "net=" + huge).assertRefused(ExitCode.FAILED, message);
    }
  }

  @Test
  void whatIsNoPictureIsRefused() throws IOException {
    Files.writeString(folder.resolve("notes.png"), "no picture");
    generate("--init", "DIR/notes.png")
        .assertRefused(ExitCode.FAILED, "notes.png: expected a picture (");
    generate("--init", "DIR/none.png")
        .assertRefused(ExitCode.FAILED, "none.png: expected a picture, found no such file");
    generate("--init", "DIR").assertRefused(ExitCode.FAILED, "expected a picture, found a folder");
    byte[] whole = Files.readAllBytes(folder.resolve("init.png"));
    Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
    generate("--init", "DIR/half.png")
        .assertRefused(ExitCode.FAILED, "half.png: expected a whole picture, found a broken one");
    ImageIO.write(
        new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB),
        "jpg",
        folder.resolve("whole.jpg").toFile());
    byte[] photo = Files.readAllBytes(folder.resolve("whole.jpg"));
    for (int length : new int[] {photo.length - 1, photo.length - 30, 620}) {
      Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(photo, length));
      generate("--init", "DIR/cut.jpg")
          .assertRefused(
              ExitCode.FAILED, "cut.jpg: expected a whole picture, found one that is cut off");
    }
    assertThat(folder.resolve("x.png")).doesNotExist();
  }

  @Test
  void ofAnAnimationTheFirstPictureIsUsed() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    Path file = folder.resolve("moving.gif");
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (int colour : new int[] {0x00ff00, 0x0000ff}) {
        BufferedImage frame = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
          frame.setRGB(i % 64, i / 64, colour);
        }
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    }
    writer.dispose();
    assertThat(Picture.read(file).at(5, 5)).isEqualTo(0x00ff00);
    String note = "note: %s has 2 pictures: the first is taken%n".formatted(file);
    for (String[] options :
        new String[][] {
          {"--init", "DIR/moving.gif", "--strength", "0.5"},
          {"--init", "DIR/init.png", "--mask", "DIR/moving.gif"},
          {"--reference", "DIR/moving.gif@0.5"}
        }) {
      CommandLineRun run = generate(options);
      assertThat(run.err()).isEqualTo(note);
      assertThat(run.code()).isZero();
    }
    CommandLineRun refused = generate("--depth", "DIR/moving.gif");
    assertThat(refused.err()).startsWith(note).contains("takes no depth map, but one was given");
    assertThat(refused.code()).isEqualTo(ExitCode.WRONG_CALL);
  }

  @Test
  void whatNamesNoPictureNeedsOneToBeginWith() {
    generate("--depth", "auto")
        .assertRefused(
            ExitCode.WRONG_CALL, "--depth auto needs a picture to begin with (--init IMAGE)");
    generate("--control", "net=canny:")
        .assertRefused(
            ExitCode.WRONG_CALL,
            "--control net names no image, and there is none to begin with: --init IMAGE");
    generate("--init", "DIR/init.png", "--depth", "auto")
        .assertRefused(ExitCode.FAILED, "expected the folder of a depth estimator");
    generate("--init", "DIR/init.png", "--control", "net=depth:")
        .assertRefused(ExitCode.FAILED, "expected the folder of a depth estimator");
    generate("--init", "DIR/init.png", "--depth", "DIR/init.png")
        .assertRefused(ExitCode.WRONG_CALL, "takes no depth map, but one was given");
  }
}
