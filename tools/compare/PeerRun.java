import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program that ran once.
///
/// @param output what it said on standard output
/// @param seconds from its start to its exit
/// @param peakMemory the most it had resident, in bytes
@SuppressWarnings("DefaultPackage") // run as a file
record PeerRun(String output, double seconds, long peakMemory) {
  private static final int POLL_MILLIS = 20;

  /// Runs `command` and waits for it.
  ///
  /// @param log takes what it says on standard error
  /// @throws IOException if it cannot be started or fails
  static PeerRun of(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("peer", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(log.toFile());
    builder.environment().putAll(environment);
    long began = System.nanoTime();
    Process process = builder.start();
    Thread stop = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      long peak = 0;
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, resident(status));
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      String said = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s ended with %d: %s"
                .formatted(command.getFirst(), process.exitValue(), lastLine(log, said)));
      }
      return new PeerRun(said, seconds, peak);
    } finally {
      Runtime.getRuntime().removeShutdownHook(stop);
      Files.delete(output);
    }
  }

  /// The most resident so far; 0 if the process has gone or the system does not tell.
  private static long resident(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024) // in kB
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException _) { // it ended meanwhile
      return 0;
    }
  }

  private static String lastLine(Path log, String output) throws IOException {
    String said = Files.readString(log, StandardCharsets.UTF_8);
    return (said.isBlank() ? output : said)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((_, last) -> last)
        .orElse("it said nothing");
  }
}
