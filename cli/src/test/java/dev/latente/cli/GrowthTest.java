package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Memory over many pictures, in a process of its own with a Java heap that cannot grow.
class GrowthTest {
  private static final int PICTURES = 100;
  private static final int SETTLED = 30; // pictures until everything has been used once
  private static final long MOST = 12L << 20; // a leak of one latent of 64x64x4 a step is 25 MB

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX) // others do not tell
  void aHundredPicturesTakeNoMoreMemoryThanThirty() throws IOException, InterruptedException {
    Path out = folder.resolve("bench.json");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1", // the compiler's own memory would look like a leak
                "-cp",
                System.getProperty("java.class.path"),
                "dev.latente.cli.Main",
                "bench",
                "-m",
                CommandLineRun.MODEL.toString(),
                "--count",
                Integer.toString(PICTURES),
                "--steps",
                "2",
                "--threads",
                "1",
                "--json")
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    JsonNode resident = JsonMapper.shared().readTree(Files.readString(out)).path("resident_bytes");
    assertThat(resident.size()).isEqualTo(PICTURES);
    assertThat(resident.path(PICTURES - 1).asLong() - resident.path(SETTLED - 1).asLong())
        .isLessThan(MOST);
  }
}
