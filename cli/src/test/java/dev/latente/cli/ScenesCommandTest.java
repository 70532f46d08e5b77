package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenesCommandTest {
  @TempDir Path folder;

  @Test
  void writesAFolderOfScenes() throws java.io.IOException {
    Path data = folder.resolve("data");
    CommandLineRun run =
        CommandLineRun.of("scenes", data.toString(), "--count", "2", "--size", "32").assertDone();
    assertThat(run.out()).isEqualTo("2 pictures in " + data + System.lineSeparator());
    assertThat(Files.readAllLines(data.resolve("metadata.jsonl"))).hasSize(2);
    assertThat(data.resolve("000001.png")).exists();
  }
}
