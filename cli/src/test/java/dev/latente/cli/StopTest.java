package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The command as a process of its own, stopped by a signal.
class StopTest {
  private static final int BY_SIGTERM = 128 + 15; // Ctrl-C, SIGINT, takes the same way: 128 + 2

  @TempDir Path folder;

  @Test
  @DisabledOnOs(OS.WINDOWS) // has no signals
  void aSignalEndsItWithinAStepAndLeavesWholeFiles() throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Process process = start(pictures, errors);
    try {
      while (files(pictures).stream().noneMatch(file -> file.toString().endsWith(".png"))) {
        assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).as(errors.toString()).isFalse();
      }
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(BY_SIGTERM);
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(errors)).isEqualTo("latente: stopped" + System.lineSeparator());
    for (Path file : files(pictures)) {
      assertThat(Picture.read(file).width()).isEqualTo(64);
    }
  }

  private static Process start(Path pictures, Path errors) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.latente.cli.Main",
            "generate",
            "a red boat",
            "-m",
            CommandLineRun.MODEL.toString(),
            "--count",
            "10000",
            "-o",
            pictures.toString());
    builder.environment().put("OMP_NUM_THREADS", "1"); // more do not help with so small a model
    return builder
        .redirectError(errors.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
