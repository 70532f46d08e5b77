package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ThreadsTest {
  /// Says how many threads there are, in a process of its own.
  static final class Count {
    private Count() {}

    public static void main(String[] args) {
      System.out.println(Threads.count());
    }
  }

  @Test
  void areNoMoreThanTheProcessorsJavaMayUse() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:ActiveProcessorCount=1",
            "-cp",
            System.getProperty("java.class.path"),
            Count.class.getName());
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(said.strip()).isEqualTo("1");
  }
}
