package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.tensor.Acceleration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static String[] call(String... more) {
    List<String> all =
        new ArrayList<>(List.of("bench", "-m", CommandLineRun.MODEL.toString(), "--steps", "3"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void tellsEachStage() {
    CommandLineRun run = CommandLineRun.of(call()).assertDone();
    assertThat(run.out())
        .startsWith("tiny-sd1, 64x64, 3 steps, guidance 7.5")
        .containsPattern("at most \\d+ GFLOP/s in f32")
        .containsPattern("open +1 +\\d+\\.\\d+")
        .containsPattern("first step +1 +\\d")
        .containsPattern("later step +2 +\\d.* %")
        .containsPattern("decode +1 +\\d")
        .doesNotContain("where ");
  }

  @Test
  void tellsWhereTheTimeWent() {
    CommandLineRun run = CommandLineRun.of(call("--profile")).assertDone();
    assertThat(run.out())
        .containsPattern("where later step went \\(\\d+\\.\\d+ s\\)")
        .containsPattern("where decode went")
        .containsPattern("convolution 3x3 +\\d+ +\\d+\\.\\d+ +\\d+\\.\\d %")
        .contains("self-attention")
        .contains("cross-attention")
        .contains("between them");
  }

  @Test
  void speaksSpanish() {
    CommandLineRun run =
        CommandLineRun.of(
                session -> session.withLocale(Locale.forLanguageTag("es")), call("--profile"))
            .assertDone();
    assertThat(run.out()).contains("primer paso").contains("atención cruzada");
  }

  @Test
  void printsOneLineOfJson() {
    CommandLineRun run = CommandLineRun.of(call("--json", "--count", "2")).assertDone();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertThat(json.path("stages").propertyNames())
        .containsExactly("open", "text", "first-step", "step", "decode");
    assertThat(json.at("/stages/step/count").asInt()).isEqualTo(2 + 3);
    assertThat(json.at("/stages/decode/count").asInt()).isEqualTo(2);
    // both halves of guidance, as all steps, of which later ones do not read the text again
    double first = json.at("/stages/first-step/flops").asDouble();
    assertThat(json.at("/stages/step/flops").asDouble()).isBetween(0.8 * first, 0.99 * first);
    assertThat(json.path("parts").size()).isEqualTo(1 + 1 + 6 + 2);
  }

  @Test
  void withoutGuidanceAStepIsHalfTheArithmetic() {
    double alone = flops("step", "1");
    // both halves share what comes before the first look at the text
    assertThat(flops("step", "7.5")).isBetween(1.95 * alone, 1.96 * alone);
  }

  @Test
  void aStepOfABatchIsOneOfAllItsPictures() {
    JsonNode json = JsonMapper.shared().readTree(drawn("--json", "--batch", "2"));
    assertThat(json.at("/stages/step/count").asInt()).isEqualTo(2);
    assertThat(json.at("/stages/decode/count").asInt()).isEqualTo(1);
    assertThat(json.at("/stages/step/flops").asDouble()).isEqualTo(2 * flops("step", "7.5"));
    // the first one reads the text, once for both
    double single = flops("first-step", "7.5");
    assertThat(json.at("/stages/first-step/flops").asDouble())
        .isBetween(1.8 * single, 1.99 * single);
  }

  private static String drawn(String... options) {
    return CommandLineRun.of(call(options)).assertDone().out();
  }

  private static double flops(String stage, String guidance) {
    String json = drawn("--json", "--guidance", guidance);
    return JsonMapper.shared().readTree(json).at("/stages/" + stage + "/flops").asDouble();
  }

  @Test
  @EnabledOnOs(OS.LINUX) // others do not tell
  void tellsTheMemory() {
    CommandLineRun run = CommandLineRun.of(call("--count", "2")).assertDone();
    assertThat(run.out())
        .containsPattern("peak memory \\d+\\.\\d+ GB")
        .containsPattern("after the first of 2 pictures \\d+\\.\\d+ GB, after the last \\d");
  }

  @Test
  void itStopsAtTheNextStep() {
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    CommandLineRun.of(session -> session.withCancellation(cancellation), call())
        .assertRefused(ExitCode.STOPPED, "stopped");
  }

  @Test
  void linearMapsAreExactIfWanted() {
    CommandLineRun.of(call("--exact")).assertDone();
    assertThat(Acceleration.shorts()).isFalse();
    CommandLineRun.of(call()).assertDone();
    assertThat(Acceleration.shorts()).isTrue();
  }

  @Test
  void mistakesAreToldBeforeAnythingIsLoaded() {
    CommandLineRun.of("bench", "--random", "sd9")
        .assertRefused(ExitCode.WRONG_CALL, "unknown model 'sd9'; known: sd15, sd21, sdxl");
    CommandLineRun.of("bench", "--random", "sd15", "-m", "nowhere")
        .assertRefused(ExitCode.WRONG_CALL, "--model and --random exclude each other");
    CommandLineRun.of("bench", "-m", "nowhere", "--steps", "0")
        .assertRefused(ExitCode.WRONG_CALL, "steps must be from 1 to 1000: 0");
    CommandLineRun.of("bench", "-m", "nowhere", "--threads", "0")
        .assertRefused(ExitCode.WRONG_CALL, "threads must be 1 or more: 0");
    CommandLineRun.of("bench", "-m", "nowhere-at-all")
        .assertRefused(ExitCode.FAILED, "nowhere-at-all");
  }
}
