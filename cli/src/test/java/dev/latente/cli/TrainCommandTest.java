package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void drawScenes() {
    CommandLineRun.of("scenes", path("scenes"), "--count", "4", "--size", "32").assertDone();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private CommandLineRun train(String part, String out, String... more) {
    List<String> call = new ArrayList<>(List.of("train", part, "--data", path("scenes")));
    call.addAll(List.of("--out", path(out), "--batch", "2"));
    call.addAll(List.of(more));
    return CommandLineRun.of(call.toArray(String[]::new));
  }

  private CommandLineRun trainVae(String... more) {
    List<String> call = new ArrayList<>(List.of("--size", "32", "--crop", "16"));
    call.addAll(List.of("--channels", "8,8", "--steps", "4"));
    call.addAll(List.of(more));
    return train("vae", "vae", call.toArray(String[]::new));
  }

  private CommandLineRun trainDiffusion(String out, String... more) {
    List<String> call = new ArrayList<>(List.of("--vae", path("vae/vae"), "--steps", "2"));
    call.addAll(List.of("--size", "32", "--channels", "16,16", "--text-width", "16"));
    call.addAll(List.of("--text-layers", "1", "--vocabulary", "600", "--things", "3"));
    call.addAll(List.of(more));
    return train("diffusion", out, call.toArray(String[]::new));
  }

  @Test
  void fromScenesToAPictureInFourSteps() throws IOException {
    CommandLineRun begun = trainVae("--until", "2");
    assertThat(begun.code()).isZero();
    assertThat(begun.err()).contains("step 2 of 4").contains("the same command goes on");
    assertThat(folder.resolve("vae/vae")).doesNotExist();
    assertThat(trainVae().err()).contains("step 4 of 4").contains("finished");

    assertThat(
            train(
                    "vae",
                    "better",
                    "--from",
                    path("vae/vae"),
                    "--freeze-encoder",
                    "--steps",
                    "1",
                    "--crop",
                    "16")
                .err())
        .contains("finished");
    assertThat(Files.readString(folder.resolve("better/vae/config.json")))
        .isEqualTo(Files.readString(folder.resolve("vae/vae/config.json")));

    assertThat(trainDiffusion("first").err()).contains("finished");
    String model = path("first/model");
    assertThat(
            train("diffusion", "second", "--vae", path("vae/vae"), "--from", model, "--steps", "1")
                .err())
        .contains("finished");
    assertThat(
            train(
                    "autoguide",
                    "clear",
                    "--from",
                    path("second/model"),
                    "--weaker",
                    model,
                    "--steps",
                    "1")
                .err())
        .contains("finished");
    assertThat(train("distil", "few", "--from", model, "--paths", "2", "--steps", "1").err())
        .contains("finished");
    CommandLineRun eye =
        train("image-encoder", "eye", "--model", model, "--size", "32", "--steps", "1");
    assertThat(eye.out()).contains("own caption found among 2: ");
    String encoder = path("eye/image_encoder");
    assertThat(
            train("reference", "refs", "--model", model, "--encoder", encoder, "--steps", "1")
                .err())
        .contains("finished");
    CommandLineRun.of("generate", "a boat", "-m", path("few/model"), "-o", path("boat.png"))
        .assertDone();
    assertThat(folder.resolve("boat.png")).isNotEmptyFile();
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    train("vae", "x", "--freeze-encoder")
        .assertRefused(ExitCode.WRONG_CALL, "--freeze-encoder needs --from");
    train("vae", "x", "--from", path("none"), "--channels", "8,8")
        .assertRefused(ExitCode.WRONG_CALL, "leave out --channels");
    train("diffusion", "x", "--pixels", "--from", path("none"), "--layers", "2")
        .assertRefused(ExitCode.WRONG_CALL, "leave out --layers");
    train("vae", "x", "--until", "0")
        .assertRefused(ExitCode.WRONG_CALL, "the step to stop after must be positive: 0");
    train("diffusion", "x", "--pixels", "--things", "0")
        .assertRefused(ExitCode.WRONG_CALL, "the weight of things must be 1 to 1000: 0.0");
    train("autoguide", "x", "--from", path("none"), "--weaker", path("none"), "--scale", "0")
        .assertRefused(ExitCode.WRONG_CALL, "must be above 0 and at most 100: 0.0");
    train("vae", "x", "--from", path("none")).assertRefused(ExitCode.FAILED, "none");
  }
}
