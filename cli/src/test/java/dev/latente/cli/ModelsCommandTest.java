package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
  private static final String COMMIT = "a".repeat(40);

  @TempDir private Path home = Path.of("");

  private CommandLineRun run(String... args) {
    return run(Map.of(), args);
  }

  private CommandLineRun run(Map<String, String> more, String... args) {
    Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
    environment.putAll(more);
    return CommandLineRun.of(session -> session.withEnvironment(environment), args);
  }

  private Path models() throws IOException {
    return Files.createDirectories(home.resolve(".latente/models"));
  }

  private static void copyModel(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(CommandLineRun.MODEL)) {
      for (Path file : files.toList()) {
        Path to = target.resolve(CommandLineRun.MODEL.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
  }

  private static Path tensors(Path file, String... names) throws IOException {
    Files.createDirectories(file.getParent());
    SafetensorsWriter writer = new SafetensorsWriter().metadata("modelspec.license", "CC0-1.0");
    for (String name : names) {
      writer.add(name, ElementType.F16, new long[] {2, 3}, () -> new byte[12]);
    }
    writer.write(file);
    return file;
  }

  @Test
  void modelsAreListedWithTheirKind() throws IOException {
    copyModel(models().resolve("small/one"));
    Path lora = tensors(models().resolve("style.safetensors"), "lora_unet_x.lora_up.weight");
    CommandLineRun run = run("models", "list").assertDone();
    assertThat(run.out()).containsPattern("style +a LoRA +\\d+ B +" + lora);
    assertThat(run.out()).contains("small/one").doesNotContain("cannot be read");
    List<String> lines = run("models", "list", "--json").assertDone().out().lines().toList();
    assertThat(lines).hasSizeBetween(2, 4).allMatch(line -> line.startsWith("{\"name\":\""));
  }

  @Test
  void aModelIsCalledByItsName() throws IOException {
    copyModel(models().resolve("small/one"));
    Path picture = home.resolve("p.png");
    run("generate", "a boat", "-m", "One", "--steps", "1", "-o", picture.toString());
    assertThat(picture).exists();
  }

  @Test
  void miniFastDrawsInFourStepsWithoutGuidance() {
    Path picture = home.resolve("p.png");
    System.setProperty("latente.mini", "../mini/src/main/resources/mini");
    try {
      assertThat(run("models", "list").assertDone().out()).contains("mini-fast ");
      run("generate", "a red boat", "-m", "mini-fast", "-o", picture.toString());
    } finally {
      System.clearProperty("latente.mini");
    }
    assertThat(run("info", picture.toString()).assertDone().out())
        .containsPattern("Steps +4\n")
        .containsPattern("Sampler +DDIM\n")
        .containsPattern("CFG scale +1\n")
        .containsPattern("Model +mini-fast\n");
  }

  @Test
  void twoModelsWithOneNameAreBothNamed() throws IOException {
    Path one = tensors(models().resolve("a/x.safetensors"), "t");
    Path two = tensors(models().resolve("b/x.safetensors"), "t");
    run("generate", "a boat", "-m", "x")
        .assertRefused(
            ExitCode.FAILED,
            "expected one model called 'x', found 2: %s, %s; give the path of one"
                .formatted(one, two));
    assertThat(run("models", "info", "b/x").assertDone().out()).contains(two.toString());
  }

  @Test
  void anUnknownNameTellsTheKnownOnes() throws IOException {
    tensors(models().resolve("x.safetensors"), "t");
    run("generate", "a boat", "-m", "some/thing")
        .assertRefused(
            ExitCode.FAILED,
            "some/thing: expected a model folder or file, or a name of 'latente models list', found"
                + " neither (named there: x); if it is on the Hugging Face hub, 'latente models"
                + " pull some/thing' fetches it");
  }

  @Test
  void infoTellsWhatAFileIs() throws IOException {
    Path file = tensors(home.resolve("l.safetensors"), "lora_unet_x.lora_up.weight");
    String hash = hash("SHA-256", Files.readAllBytes(file));
    String told = run("models", "info", file.toString()).assertDone().out();
    assertThat(told)
        .containsPattern("kind +a LoRA\n")
        .containsPattern("sha256 hash +" + hash + "\n")
        .containsPattern("short hash +" + hash.substring(0, 10) + "\n")
        .containsPattern("licence +CC0-1.0\n")
        .containsPattern("parameters +6\n");
    assertThat(home.resolve(".cache/latente/hashes")).content().startsWith(hash);
    assertThat(run("models", "info", file.toString(), "--json").assertDone().out())
        .contains("\"short_hash\":\"" + hash.substring(0, 10) + "\"");
  }

  @Test
  void aHashIsRememberedUntilTheFileChanges() throws IOException {
    Path file = tensors(home.resolve("l.safetensors"), "t");
    run("models", "info", file.toString()).assertDone();
    Path memory = home.resolve(".cache/latente/hashes");
    String other = "0".repeat(64);
    Files.writeString(memory, other + Files.readString(memory).substring(64));
    assertThat(run("models", "info", file.toString()).out()).contains(other);
    tensors(file, "t", "u");
    assertThat(run("models", "info", file.toString()).out()).doesNotContain(other);
  }

  @Test
  void infoTellsTheParts() throws IOException {
    Path folder = home.resolve("m");
    copyModel(folder);
    Files.writeString(
        folder.resolve("README.md"), "---\nlicense: other\nlicense_name: open-x\n---\n# x\n");
    assertThat(run("models", "info", folder.toString()).assertDone().out())
        .containsPattern("unet +[\\d.]+ K F\\d\\d\n")
        .containsPattern("text_encoder +[\\d.]+ K")
        .containsPattern("prediction type +epsilon\n")
        .containsPattern("licence +open-x\n");
  }

  @Test
  void pullFetchesWhatAModelNeeds() throws IOException {
    try (Server server = new Server(CommandLineRun.MODEL)) {
      Map<String, String> environment = Map.of("HF_ENDPOINT", server.address());
      CommandLineRun run = run(environment, "models", "pull", "some/tiny").assertDone();
      Path snapshot =
          home.resolve(".cache/huggingface/hub/models--some--tiny/snapshots").resolve(COMMIT);
      assertThat(run.out()).contains("some/tiny is in " + snapshot);
      assertThat(snapshot.resolve("unet/diffusion_pytorch_model.safetensors")).exists();
      assertThat(snapshot.resolve("notes.onnx")).doesNotExist();
      assertThat(run("models", "list").out()).contains("some/tiny ");
      Path picture = home.resolve("p.png");
      run("generate", "a boat", "-m", "some/tiny", "--steps", "1", "-o", picture.toString());
      assertThat(picture).exists();
    }
    run(Map.of("HF_ENDPOINT", "http://127.0.0.1:9"), "models", "pull", "some/tiny", "--offline")
        .assertDone();
  }

  @Test
  void pullTakesPatternsAndSingleFiles() throws IOException {
    try (Server server = new Server(CommandLineRun.MODEL)) {
      Map<String, String> environment = Map.of("HF_ENDPOINT", server.address());
      Path snapshot =
          home.resolve(".cache/huggingface/hub/models--some--tiny/snapshots").resolve(COMMIT);
      run(environment, "models", "pull", "some/tiny/model_index.json").assertDone();
      run(environment, "models", "pull", "some/tiny", "--include", "vae/*", "--exclude", "*.json")
          .assertDone();
      try (Stream<Path> files = Files.walk(snapshot)) {
        assertThat(
                files
                    .filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace('\\', '/')))
            .containsExactlyInAnyOrder(
                "model_index.json", "vae/diffusion_pytorch_model.safetensors");
      }
      run(environment, "models", "pull", "some/tiny", "--include", "none*")
          .assertRefused(ExitCode.FAILED, "some/tiny: expected files that match the patterns");
      run(environment, "models", "pull", "some/other")
          .assertRefused(ExitCode.FAILED, "some/other: no such repository");
    }
    run("models", "pull", "tiny")
        .assertRefused(
            ExitCode.WRONG_CALL,
            "a model of the hub is written ORG/NAME[@REVISION][/FILE]: 'tiny'");
  }

  @Test
  void convertWritesWhatGenerateReads() throws IOException {
    Path file = home.resolve("m.gguf");
    String model = CommandLineRun.MODEL.toString();
    CommandLineRun run = run("models", "convert", model, file.toString(), "--quantize", "Q8_0");
    assertThat(run.out()).startsWith(file + "  (").endsWith(" in all)\n");
    assertThat(run.err()).startsWith("note: this model has a vocabulary of its own");
    assertThat(run("models", "info", file.toString()).assertDone().out())
        .containsPattern("kind +Stable Diffusion of its own size, text to image\n")
        .containsPattern("form +gguf\n")
        .containsPattern("unet .*Q8_0");
    Path folder = home.resolve("back");
    String tokenizer = CommandLineRun.MODEL.resolve("tokenizer").toString();
    run("models", "convert", file.toString(), folder.toString(), "--tokenizer", tokenizer)
        .assertDone();
    Path picture = home.resolve("p.png");
    run("generate", "a boat", "-m", folder.toString(), "--steps", "1", "-o", picture.toString());
    assertThat(picture).exists();
  }

  @Test
  void aConversionThatCannotBeIsRefused() {
    String model = CommandLineRun.MODEL.toString();
    String out = home.resolve("out").toString();
    run("models", "convert", model, out, "--quantize", "q8_0")
        .assertRefused(ExitCode.WRONG_CALL, "a quantisation needs a GGUF file to write: q8_0");
    run("models", "convert", model, out, "--quantize", "q9")
        .assertRefused(ExitCode.WRONG_CALL, "unknown quantisation 'q9'; known: q8_0");
    run("models", "convert", model, out, "--to", "onnx")
        .assertRefused(
            ExitCode.WRONG_CALL, "unknown form 'onnx'; known: folder, safetensors, gguf");
    run("models", "convert", model, home.toString())
        .assertRefused(ExitCode.FAILED, home + ": expected nothing there, found a file or folder");
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A hub with one repository, `some/tiny`: a folder, and a file that nobody needs.
  private static final class Server implements AutoCloseable {
    private final Path folder;
    private final HttpServer server;

    Server(Path folder) throws IOException {
      this.folder = folder;
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath();
        String files = "/some/tiny/resolve/" + COMMIT + "/";
        if (path.equals("/api/models/some/tiny/revision/main")) {
          send(exchange, listing().getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith(files)) {
          send(exchange, Files.readAllBytes(folder.resolve(path.substring(files.length()))));
        } else {
          exchange.sendResponseHeaders(404, -1);
        }
      }
    }

    private String listing() throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        String names =
            Stream.concat(
                    Stream.of("notes.onnx"),
                    files
                        .filter(Files::isRegularFile)
                        .map(file -> folder.relativize(file).toString().replace('\\', '/')))
                .map("{\"rfilename\": \"%s\"}"::formatted)
                .collect(Collectors.joining(", "));
        return "{\"sha\": \"%s\", \"siblings\": [%s]}".formatted(COMMIT, names);
      }
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
      exchange.getResponseHeaders().set("ETag", "\"" + hash("SHA-256", content) + "\"");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      }
      exchange.sendResponseHeaders(200, head ? -1 : content.length);
      if (!head) {
        exchange.getResponseBody().write(content);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
