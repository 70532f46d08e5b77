package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.GenerationParameters;
import dev.latente.image.Picture;
import dev.latente.image.Png;
import dev.latente.image.Watermark;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `latente info` and `latente verify`.
class PictureCommandsTest {
  private static final Path REMARKS = Path.of("../core/src/test/resources/dev/latente/image");

  private static final Picture PICTURE =
      Picture.of(Renderer.render(Scene.random(5), 128, 128).picture());

  @TempDir Path folder;

  private String picture(String name, boolean marked) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("Steps", "20");
    values.put("Seed", "7");
    values.put("Model", "mini");
    GenerationParameters made = new GenerationParameters("a red boat\nat sea", "fog", values);
    Path file = folder.resolve(name);
    Png.write(
        file,
        marked ? Watermark.LATENTE.mark(PICTURE) : PICTURE,
        Map.of(Png.PARAMETERS, made.format()));
    return file.toString();
  }

  @Test
  void infoTellsHowAPictureWasMade() throws IOException {
    String file = picture("boat.png", true);
    CommandLineRun run = CommandLineRun.of("info", file).assertDone();
    assertThat(run.out().lines().map(String::stripTrailing))
        .startsWith(
            file + "  PNG, 128x128",
            "  prompt                   a red boat",
            "                           at sea",
            "  negative prompt          fog",
            "  Steps                    20");
    assertThat(run.out()).containsPattern("  watermark +watermark found \\(score \\d+\\.\\d; ");
  }

  @Test
  void jsonTellsOtherProgramsAll() throws IOException {
    CommandLineRun run =
        CommandLineRun.of("info", "--json", picture("boat.png", false)).assertDone();
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertThat(json.path("prompt").stringValue()).isEqualTo("a red boat\nat sea");
    assertThat(json.path("parameters").path("Seed").stringValue()).isEqualTo("7");
    assertThat(json.path("watermark").path("found").booleanValue()).isFalse();
    assertThat(json.path("text").path("parameters").stringValue()).startsWith("a red boat");
  }

  @Test
  void otherProgramsPicturesAreTold() {
    assertThat(CommandLineRun.of("info", REMARKS.resolve("comfyui.png").toString()).out())
        .contains("made by                  ComfyUI");
    CommandLineRun webp = CommandLineRun.of("info", REMARKS.resolve("a1111.webp").toString());
    assertThat(webp.assertDone().out()).contains("WEBP, 24x16").contains("DPM++ 2M Karras");
  }

  @Test
  void verifyTellsByItsExitCode() throws IOException {
    String marked = picture("marked.png", true);
    String plain = picture("plain.png", false);
    CommandLineRun.of("verify", marked).assertDone();
    CommandLineRun both = CommandLineRun.of("verify", marked, plain);
    assertThat(both.code()).isEqualTo(ExitCode.FAILED);
    assertThat(both.out())
        .contains("plain.png  no watermark")
        .endsWith("1 of 2 pictures carry the watermark\n");
    CommandLineRun json = CommandLineRun.of("verify", "--json", plain);
    assertThat(json.code()).isEqualTo(ExitCode.FAILED);
    assertThat(JsonMapper.shared().readTree(json.out()).path("score").doubleValue())
        .isLessThan(Watermark.THRESHOLD);
  }

  @Test
  void theyAnswerInTheUsersLanguage() throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            session -> session.withLocale(Locale.forLanguageTag("es")),
            "info",
            picture("boat.png", false));
    assertThat(run.assertDone().out()).contains("texto negativo").contains("sin marca de agua");
  }

  @Test
  void whatIsNoPictureIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "hello");
    CommandLineRun.of("info", text.toString()).assertRefused(ExitCode.FAILED, "expected a picture");
    CommandLineRun.of("verify", folder.resolve("none.png").toString())
        .assertRefused(ExitCode.FAILED, "no such file");
    CommandLineRun.of("info").assertRefused(ExitCode.WRONG_CALL, "PICTURE");
  }
}
