import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The programs that can be measured, as they are found on this machine.
///
/// @param cache where models are kept
/// @param threads of each program
/// @param say told what is going on
@SuppressWarnings("DefaultPackage") // run as a file
record PeerPrograms(Path cache, int threads, Report say) {
  private static final String PROMPT = "a red boat on a calm lake at sunset";
  private static final String GUIDANCE = "7.5";
  private static final String DIRECT = "--diffusion-conv-direct --vae-conv-direct";
  private static final List<String> CPP_OPTIONS =
      List.of("", "--diffusion-fa", DIRECT, "--diffusion-fa " + DIRECT);

  /// Told a line for users.
  @FunctionalInterface
  interface Report {
    void line(String text);
  }

  /// Reads the times of stages out of what a program said.
  @FunctionalInterface
  interface Reader {
    PeerTimes read(String output, int steps) throws IOException;
  }

  /// The command line that draws with so many steps; writes a picture if a file is given, and else
  /// tells times.
  @FunctionalInterface
  interface Command {
    List<String> drawing(int steps, Optional<Path> picture);
  }

  /// A program.
  record Program(String name, String version, Command command, Reader reader) {}

  /// Why a program is not measured.
  static final class AbsentException extends Exception {
    private static final long serialVersionUID = 1;

    AbsentException(String reason) {
      super(reason);
    }
  }

  private Path folder() {
    return cache.resolve("sd15");
  }

  /// Writes the model, if it is not there yet.
  void model() throws IOException, InterruptedException {
    if (Files.exists(folder().resolve("model_index.json"))) {
      return;
    }
    say.line("writing an untrained model to " + folder());
    Files.createDirectories(cache);
    Path tokenizer =
        Path.of(System.getProperty("here"), "../../mini/src/main/resources/mini/tokenizer");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-cp",
            System.getProperty("java.class.path"),
            script("RandomModelFolder.java"),
            folder().toString(),
            tokenizer.toString()));
  }

  Program latente() throws AbsentException, InterruptedException {
    String latente = System.getProperty("latente");
    return new Program(
        "Latente",
        version("Latente", List.of(latente, "--version")),
        (steps, picture) -> {
          List<String> line = new ArrayList<>(List.of(latente));
          line.addAll(
              picture.isPresent() ? List.of("generate", PROMPT) : List.of("bench", "--json"));
          line.addAll(
              List.of(
                  "-m",
                  folder().toString(),
                  "--guidance",
                  GUIDANCE,
                  "--size",
                  "512x512",
                  "--steps",
                  Integer.toString(steps)));
          picture.ifPresent(file ->
              line.addAll(
                  List.of("--sampler", "euler", "--seed", "0", "--output", file.toString())));
          return line;
        },
        PeerTimes::latente);
  }

  Program diffusers() throws AbsentException, IOException, InterruptedException {
    String versions =
        version(
            "diffusers",
            List.of(
                python(),
                "-c",
                "import torch, diffusers, transformers as t; print('diffusers',"
                    + " diffusers.__version__ + ', torch', torch.__version__ + ', transformers',"
                    + " t.__version__)"));
    String layout =
        quickest(
            "DIFFUSERS_LAYOUT",
            List.of(
                python(),
                script("peer_diffusers.py"),
                "trial",
                folder().toString(),
                Integer.toString(threads)));
    return new Program(
        "diffusers",
        versions + ", memory " + layout,
        (steps, picture) -> script("peer_diffusers.py", folder(), steps, List.of(layout), picture),
        PeerTimes::script);
  }

  Program onnx() throws AbsentException, IOException, InterruptedException {
    String version =
        version(
            "ONNX Runtime",
            List.of(
                python(),
                "-c",
                "import numpy, onnxruntime as o; print('ONNX Runtime', o.__version__)"));
    Path onnx = cache.resolve("onnx");
    if (!Files.exists(onnx.resolve("unet/done"))) {
      say.line("exporting the model to " + onnx);
      Files.createDirectories(onnx);
      run(
          List.of(
              python(), script("peer_onnx.py"), "export", folder().toString(), onnx.toString()));
    }
    return new Program(
        "ONNX Runtime",
        version,
        (steps, picture) -> script("peer_onnx.py", onnx, steps, List.of(), picture),
        PeerTimes::script);
  }

  Program cpp() throws AbsentException, IOException, InterruptedException {
    String program = environment("SDCPP").orElse("sd-cli");
    String version = version("stable-diffusion.cpp", List.of(program, "--version"));
    Path file = cache.resolve("sd15.safetensors");
    if (!Files.exists(file)) {
      say.line("writing the model to " + file);
      run(
          List.of(
              System.getProperty("latente"),
              "models",
              "convert",
              folder().toString(),
              file.toString()));
    }
    String more = cppOptions(program, file);
    return new Program(
        "stable-diffusion.cpp",
        version + ", " + (more.isEmpty() ? "no options" : more),
        (steps, picture) -> cpp(program, file, more, steps, picture),
        PeerTimes::cpp);
  }

  /// The options that the environment gives; else those with which a picture of 20 steps would be
  /// the quickest, by one step and the decoder.
  private String cppOptions(String program, Path file)
      throws AbsentException, IOException, InterruptedException {
    Optional<String> chosen = Optional.ofNullable(System.getenv("SDCPP_ARGS"));
    if (chosen.isPresent()) {
      return chosen.get().strip();
    }
    say.line("trying which options are quickest (SDCPP_ARGS spares that)");
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (String options : CPP_OPTIONS) {
      PeerRun run = run(cpp(program, file, options, 1, Optional.empty()));
      PeerTimes times = PeerTimes.cpp(run.output(), 1);
      seconds.put(options, PeerResult.WHOLE * times.first() + times.decode());
      say.line("  '%s': step %.2f, decode %.2f".formatted(options, times.first(), times.decode()));
    }
    return least(seconds);
  }

  private List<String> cpp(
      String program, Path file, String options, int steps, Optional<Path> picture) {
    Path out = picture.orElse(Path.of(System.getProperty("java.io.tmpdir"), "peer.png"));
    List<String> line = new ArrayList<>(List.of(program, "-m", file.toString(), "-p", PROMPT));
    line.addAll(List.of("--cfg-scale", GUIDANCE, "-W", "512", "-H", "512"));
    line.addAll(List.of("--sampling-method", "euler", "--seed", "0"));
    line.addAll(List.of("--steps", Integer.toString(steps), "-t", Integer.toString(threads)));
    line.addAll(List.of("-o", out.toString()));
    if (!options.isEmpty()) {
      line.addAll(Arrays.asList(options.split("\\s+")));
    }
    return line;
  }

  /// Runs a command with the number of threads in its environment.
  PeerRun run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("peer", ".log");
    try {
      return PeerRun.of(
          command,
          Map.of(
              "OMP_NUM_THREADS", Integer.toString(threads),
              "HF_HUB_OFFLINE", "1",
              "TRANSFORMERS_VERBOSITY", "error",
              "PYTHONDONTWRITEBYTECODE", "1"),
          log);
    } finally {
      Files.delete(log);
    }
  }

  private String version(String name, List<String> command)
      throws AbsentException, InterruptedException {
    try {
      String said = run(command).output().strip().lines().findFirst().orElse("");
      return said.isEmpty() ? name : said;
    } catch (IOException e) {
      throw new AbsentException(e.getMessage());
    }
  }

  /// The variant that the environment names; else the quickest of a trial.
  private String quickest(String variable, List<String> trial)
      throws AbsentException, IOException, InterruptedException {
    Optional<String> chosen = environment(variable);
    if (chosen.isPresent()) {
      return chosen.get();
    }
    say.line("trying which is quicker (" + variable + " spares that)");
    Map<String, Double> seconds = new LinkedHashMap<>();
    run(trial)
        .output()
        .lines()
        .map(line -> line.split(" "))
        .filter(line -> line.length == 2)
        .forEach(line -> seconds.put(line[0], Double.parseDouble(line[1])));
    say.line("  seconds of an evaluation: " + seconds);
    return least(seconds);
  }

  private static String least(Map<String, Double> seconds) throws AbsentException {
    return seconds.entrySet().stream()
        .min(Comparator.comparingDouble(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElseThrow(() -> new AbsentException("the trial said nothing"));
  }

  private List<String> script(
      String name, Path model, int steps, List<String> more, Optional<Path> picture) {
    List<String> line =
        new ArrayList<>(
            List.of(
                python(),
                script(name),
                "run",
                model.toString(),
                Integer.toString(threads),
                Integer.toString(steps)));
    line.addAll(more);
    picture.ifPresent(file -> line.add(file.toString()));
    return line;
  }

  private static String script(String name) {
    return Path.of(System.getProperty("here"), name).toString();
  }

  private static String python() {
    return environment("PYTHON").orElse("python3");
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
