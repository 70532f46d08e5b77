package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.GenerationParameters;
import dev.latente.image.Picture;
import dev.latente.image.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerateCommandTest {
  @TempDir Path folder;

  private CommandLineRun generate(String... more) {
    return CommandLineRun.of(arguments(more));
  }

  private static String[] arguments(String... more) {
    List<String> all = new ArrayList<>(List.of("generate", "a red boat"));
    all.addAll(List.of("-m", CommandLineRun.MODEL.toString()));
    all.addAll(List.of(more));
    if (!all.contains("--steps")) {
      all.addAll(List.of("--steps", "1"));
    }
    return all.toArray(String[]::new);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesAPictureThatTellsHowItWasMade() throws IOException {
    Path file = folder.resolve("boat.png");
    CommandLineRun run =
        generate("--seed", "7", "--size", "72x64", "--sampler", "Euler a", "-o", file.toString());
    run.assertDone();
    assertThat(run.out()).startsWith(file + "  (seed 7, ").hasLineCount(1);
    assertThat(Picture.read(file).width()).isEqualTo(72);
    GenerationParameters made =
        GenerationParameters.parse(Png.text(file).getOrDefault(Png.PARAMETERS, ""));
    assertThat(made.prompt()).isEqualTo("a red boat");
    assertThat(made.value("Seed")).contains("7");
    assertThat(made.value("Sampler")).contains("Euler a");
    assertThat(made.value("Version")).contains("Latente " + Version.number());
    assertThat(files()).containsExactly("boat.png");
  }

  @Test
  void eachPictureOfSeveralHasItsSeedInItsName() throws IOException {
    generate("--seed", "7", "--count", "2", "-o", folder.resolve("boat.png").toString())
        .assertDone();
    assertThat(files()).containsExactly("boat-7.png", "boat-8.png");
  }

  @Test
  void picturesOfABatchAreThoseDrawnAlone() throws IOException {
    Path preview = folder.resolve("look.png");
    generate(
            ("--steps 2 --sampler euler-a --seed 7 --batch 3 --preview %s -o %s")
                .formatted(preview, path("b.png"))
                .split(" "))
        .assertDone();
    generate("--steps 2 --sampler euler-a --seed 9 -o %s".formatted(path("alone.png")).split(" "))
        .assertDone();
    assertThat(files()).containsExactly("alone.png", "b-7.png", "b-8.png", "b-9.png", "look.png");
    byte[] together = Picture.read(folder.resolve("b-9.png")).rgb();
    byte[] alone = Picture.read(folder.resolve("alone.png")).rgb();
    for (int i = 0; i < alone.length; i++) { // rounded either way
      assertThat((together[i] & 0xff) - (alone[i] & 0xff)).isBetween(-1, 1);
    }
    Picture sheet = Picture.read(preview); // two beside each other, and one below
    assertThat(sheet.width()).isEqualTo(128);
    assertThat(sheet.height()).isEqualTo(128);
    assertThat(sheet.cropped(64, 64, 64, 64)).isEqualTo(Picture.black(64, 64));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aFolderIsMadeAndNothingInItReplaced() throws IOException {
    String made = folder.resolve("new/folder").toString();
    generate("--seed", "7", "-o", made).assertDone();
    generate("--seed", "7", "-o", made, "--guidance", "1").assertDone();
    assertThat(folder.resolve("new/folder/latente-7.png")).exists();
    assertThat(folder.resolve("new/folder/latente-7-2.png")).exists();
  }

  @Test
  void aFileIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("boat.png"), "old");
    generate("--seed", "1", "-o", file.toString()).assertDone();
    assertThat(Picture.read(file).width()).isEqualTo(64);
  }

  @Test
  void withoutASeedARandomOneIsTold() {
    CommandLineRun one = generate("-o", folder.toString()).assertDone();
    CommandLineRun other = generate("-o", folder.toString()).assertDone();
    assertThat(one.out()).containsPattern("latente-(\\d+)\\.png  \\(seed \\1, ");
    assertThat(other.out()).isNotEqualTo(one.out());
  }

  @Test
  void jsonTellsOtherProgramsAll() throws IOException {
    CommandLineRun run =
        generate("--seed", "7", "--count", "2", "--json", "-o", folder.toString()).assertDone();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode json = JsonMapper.shared().readTree(lines.get(1));
    assertThat(Path.of(json.path("file").asString())).exists();
    assertThat(json.path("seed").longValue()).isEqualTo(8);
    assertThat(json.path("sampler").asString()).isEqualTo("pndm");
    for (String stage : List.of("load", "text", "denoise", "decode")) {
      assertThat(json.path("seconds").path(stage).doubleValue()).isBetween(0.0, 600.0);
    }
    long peak = json.path("peak_memory_bytes").longValue();
    assertThat(peak).matches(bytes -> bytes == -1 || bytes > 50_000_000);
  }

  @Test
  void lorasAreMergedAndTold() throws IOException {
    Path loras = CommandLineRun.MODEL.resolveSibling("lora");
    String one = folder.resolve("one.png").toString();
    String other = folder.resolve("other.png").toString();
    String plain = folder.resolve("plain.png").toString();
    String file = loras.resolve("sd1-kohya.safetensors").toString();
    CommandLineRun run = generate("--seed", "7", "--lora", file + ":0.8:0.5", "-o", one);
    assertThat(run.err())
        .contains(
            "LoRA sd1-kohya (LoRA, rank 2 to 4, for Stable Diffusion of its own size): changes")
        .contains("25 layers of the U-Net, 18 of the text encoders");
    List<String> tagged = new ArrayList<>(List.of(arguments("--seed", "7", "-o", other)));
    tagged.set(1, "a red boat <lora:sd1-kohya:0.5:0.8>");
    tagged.addAll(List.of("--lora-dir", loras.toString()));
    assertThat(CommandLineRun.of(tagged.toArray(String[]::new)).code()).isZero();
    generate("--seed", "7", "-o", plain).assertDone();
    assertThat(Picture.read(Path.of(one))).isEqualTo(Picture.read(Path.of(other)));
    assertThat(Picture.read(Path.of(one))).isNotEqualTo(Picture.read(Path.of(plain)));
    String text = Png.text(Path.of(one)).getOrDefault(Png.PARAMETERS, "");
    assertThat(text)
        .startsWith("a red boat <lora:sd1-kohya:0.5:0.8>\n")
        .contains("Lora hashes: \"sd1-kohya: 73b346ca554b\"");
  }

  @Test
  void aTerminalShowsStepsRateAndTimeLeft() {
    CommandLineRun run =
        CommandLineRun.of(
            Session::withTerminal,
            arguments("--seed", "7", "--steps", "3", "--sampler", "ddim", "-o", folder.toString()));
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains("loading tiny-sd1")
        .containsPattern("step 3/3  \\d+\\.\\d steps/s  0:00 left")
        .endsWith("\r\u001b[K");
  }

  @Test
  void messagesAreInTheUsersLanguage() {
    CommandLineRun run =
        CommandLineRun.of(
            session -> session.withLocale(Locale.forLanguageTag("es-MX")),
            arguments("--seed", "7", "-o", folder.toString()));
    run.assertDone();
    assertThat(run.out()).contains("(semilla 7, ");
  }

  @Test
  void aLongPlainPromptIsCutAndSaidSo() {
    CommandLineRun run =
        CommandLineRun.of(
            "generate",
            "boat ".repeat(10_000),
            "--prompt-syntax",
            "plain",
            "-m",
            CommandLineRun.MODEL.toString(),
            "--steps",
            "1",
            "-o",
            folder.toString());
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .containsPattern(
            "^note: the prompt is too long for the model; its last \\d+ tokens were left out\n$");
  }

  @Test
  void tagsThatMeanNothingAreTold() {
    CommandLineRun run =
        CommandLineRun.of(
            "generate",
            "a boat <hypernet:old:1>",
            "-m",
            CommandLineRun.MODEL.toString(),
            "--steps",
            "1",
            "-o",
            folder.toString());
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .startsWith("note: <hypernet:old:1> in the prompt means nothing here and was left out");
  }

  @Test
  void anEmptyPromptIsAllowed() {
    CommandLineRun.of(
            "generate",
            "",
            "-m",
            CommandLineRun.MODEL.toString(),
            "--steps",
            "1",
            "-o",
            folder.toString())
        .assertDone();
  }

  @Test
  void whoStopsItFindsNoFile() throws IOException {
    Cancellation stopped = new Cancellation();
    stopped.request();
    CommandLineRun.of(
            session -> session.withCancellation(stopped),
            arguments("--seed", "7", "-o", folder.toString()))
        .assertRefused(ExitCode.STOPPED, "stopped");
    assertThat(files()).isEmpty();
  }
}
