import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Lets each program draw in turns, and prints what it took. `peers.sh` tells the options.
@SuppressWarnings("DefaultPackage") // run as a file
final class Peers {
  private static final Map<String, String> VARIABLES =
      Map.of("latente", "LATENTE", "diffusers", "PYTHON", "onnx", "PYTHON", "sdcpp", "SDCPP");

  private final PeerOptions options;
  private final PeerPrograms programs;
  private final Map<String, PeerResult> results = new LinkedHashMap<>();

  private Peers(PeerOptions options) {
    this.options = options;
    this.programs = new PeerPrograms(options.cache(), options.threads(), System.err::println);
  }

  static void main(String[] args) throws Exception {
    PeerOptions options;
    try {
      options = PeerOptions.of(args);
    } catch (IllegalArgumentException e) {
      System.err.println("peers.sh: " + e.getMessage());
      System.exit(2);
      return;
    }
    new Peers(options).measure();
  }

  private void measure() throws IOException, InterruptedException {
    System.out.printf(
        "%s, %d processors, %d threads each, load %s before%n",
        processor(), Runtime.getRuntime().availableProcessors(), options.threads(), load());
    programs.model();
    List<PeerPrograms.Program> found = found();
    if (found.isEmpty()) {
      return;
    }
    for (int round = 0; round < options.rounds(); round++) {
      for (PeerPrograms.Program program : round % 2 == 0 ? found : found.reversed()) {
        step(program, "round %d of %d".formatted(round + 1, options.rounds()));
      }
    }
    for (int picture = 0; picture < options.pictures(); picture++) {
      for (PeerPrograms.Program program : picture % 2 == 0 ? found : found.reversed()) {
        whole(program, "picture %d of %d".formatted(picture + 1, options.pictures()));
      }
    }
    System.out.print(
        new PeerTable(List.copyOf(results.values()), options.pictures() == 0, options.steps())
            .text());
  }

  /// Finds a program, or says why there is none.
  @FunctionalInterface
  private interface Finding {
    PeerPrograms.Program find()
        throws PeerPrograms.AbsentException, IOException, InterruptedException;
  }

  private List<PeerPrograms.Program> found() throws InterruptedException {
    Map<String, Finding> known = new LinkedHashMap<>();
    known.put("latente", programs::latente);
    known.put("diffusers", programs::diffusers);
    known.put("onnx", programs::onnx);
    known.put("sdcpp", programs::cpp);
    List<PeerPrograms.Program> found = new ArrayList<>();
    for (Map.Entry<String, Finding> one : known.entrySet()) {
      if (options.only().isEmpty() || options.only().contains(one.getKey())) {
        try {
          PeerPrograms.Program program = one.getValue().find();
          System.out.printf("%s: %s%n", program.name(), program.version());
          found.add(program);
          results.put(program.name(), new PeerResult(program.name()));
        } catch (PeerPrograms.AbsentException | IOException e) {
          System.out.printf(
              "%s: not measured (%s); %s names a program that works%n",
              one.getKey(), e.getMessage(), VARIABLES.get(one.getKey()));
        }
      }
    }
    return found;
  }

  private void step(PeerPrograms.Program program, String turn) throws InterruptedException {
    PeerResult result = results.get(program.name());
    if (result.failed()) {
      return;
    }
    System.err.printf("%s: %s, load %s%n", turn, program.name(), load());
    try {
      PeerRun run = programs.run(program.command().drawing(options.steps(), Optional.empty()));
      result.add(run, program.reader().read(run.output(), options.steps()));
    } catch (IOException e) {
      fail(result, e);
    }
  }

  private void whole(PeerPrograms.Program program, String turn) throws InterruptedException {
    PeerResult result = results.get(program.name());
    if (result.failed()) {
      return;
    }
    System.err.printf("%s: %s, load %s%n", turn, program.name(), load());
    try {
      Path folder = Files.createTempDirectory("peers");
      Path picture = folder.resolve("picture.png");
      PeerRun run = programs.run(program.command().drawing(PeerResult.WHOLE, Optional.of(picture)));
      if (Files.notExists(picture)) {
        throw new IOException("it wrote no picture");
      }
      result.addWhole(run);
      Files.delete(picture);
      Files.delete(folder);
    } catch (IOException e) {
      fail(result, e);
    }
  }

  private static void fail(PeerResult result, IOException e) {
    result.fail();
    System.out.printf("%s: left out (%s)%n", result.name(), e.getMessage());
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException _) {
      return System.getProperty("os.arch");
    }
  }

  /// How many processes wanted to run in the last minute.
  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    } catch (IOException _) {
      return "unknown";
    }
  }
}
