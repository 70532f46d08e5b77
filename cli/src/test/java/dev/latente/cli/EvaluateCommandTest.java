package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir Path folder;

  private static String[] call(String... more) {
    String[] start = {"evaluate", "-m", CommandLineRun.MODEL.toString(), "--steps", "1"};
    String[] all = new String[start.length + more.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return all;
  }

  // The model's weights are random, so hardly anything is right; what counts is that all is
  // counted.
  @Test
  void printsATableOfWhatIsRight() {
    CommandLineRun run = CommandLineRun.of(call("--count", "4", "--held-out")).assertDone();
    assertThat(run.out())
        .containsPattern("time +[0-9.]+ % \\([0-4] of 4\\)")
        .containsPattern("place +[0-9.]+ % \\([0-4] of 4\\)")
        .contains("from 4 rendered pictures");
  }

  @Test
  void printsOneLineOfJsonThatIsTheSameEachTime() {
    String[] call = call("--count", "2", "--things", "2", "--seed", "7", "--json");
    CommandLineRun run = CommandLineRun.of(call).assertDone();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out()).startsWith("{\"pictures\":2,\"all\":{\"time\":{\"right\":");
    assertThat(CommandLineRun.of(call).out()).isEqualTo(run.out());
  }

  @Test
  void impossibleNumbersAreRefusedBeforeAnythingIsLoaded() {
    CommandLineRun.of("evaluate", "-m", "nowhere", "--count", "1")
        .assertRefused(ExitCode.WRONG_CALL, "count must be in 2..1000000: 1");
    CommandLineRun.of("evaluate", "-m", "nowhere", "--things", "3")
        .assertRefused(ExitCode.WRONG_CALL, "a picture needs one or two things: 3");
    CommandLineRun.of("evaluate", "-m", "nowhere", "--steps", "0")
        .assertRefused(ExitCode.WRONG_CALL, "steps must be from 1 to 1000: 0");
  }

  @Test
  void aModelThatIsNotThereIsNamed() {
    CommandLineRun.of("evaluate", "-m", folder.resolve("none").toString())
        .assertRefused(ExitCode.FAILED, "none");
  }

  @Test
  void aJudgeIsTrainedIntoAFolder() {
    CommandLineRun run =
        CommandLineRun.of(
            "train", "judge", "--out", folder.toString(), "--scenes", "16", "--steps", "1");
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("preparing pictures: 16 of 16").contains("step 1 of 1");
    assertThat(folder.resolve("judge").resolve("model.safetensors")).exists();
    CommandLineRun.of("train", "judge", "--out", folder.toString(), "--scenes", "3")
        .assertRefused(ExitCode.WRONG_CALL, "need at least 16 scenes: 3");
  }
}
