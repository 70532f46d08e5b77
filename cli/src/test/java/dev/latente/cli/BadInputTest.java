package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each wrong call or broken file gives one clear line, and leaves nothing behind.
class BadInputTest {
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  @TempDir Path folder;

  private CommandLineRun generate(Path model, String... more) {
    List<String> all = new ArrayList<>(List.of("generate", "a boat", "-m", model.toString()));
    all.addAll(List.of("-o", folder.resolve("out.png").toString()));
    all.addAll(List.of(more));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--size 513x512     | width must be a positive multiple of 8: 513",
        "--size 512x-8      | height must be a positive multiple of 8: -8",
        "--size 80000x80000 | width must be at most 8192: 80000",
        "--size big         | size must be WIDTHxHEIGHT, such as 512x512: 'big'",
        "--steps 0          | steps must be from 1 to 1000: 0",
        "--steps -5         | steps must be from 1 to 1000: -5",
        "--steps 100000     | steps must be from 1 to 1000: 100000",
        "--steps many       | 'many' is not an int",
        "--guidance -1      | guidance must be from 0 to 100: -1.0",
        "--guidance NaN     | guidance must be from 0 to 100: NaN",
        "--guidance 1e300   | guidance must be from 0 to 100: 1.0E300",
        "--seed -1          | seed must be from 0 to",
        "--seed 1e99        | '1e99' is not a long",
        "--count 0          | count must be from 1 to 10000: 0",
        "--batch 0          | batch must be from 1 to 256: 0",
        "--sampler magic    | unknown sampler 'magic'; known: ddim ddpm",
        "--schedule magic   | unknown schedule 'magic'; known: leading trailing linspace karras",
        "--device abacus    | unknown device 'abacus'; known: cpu, cuda, mps",
        "--precision f8     | unknown precision 'f8'; known: f32, f16, bf16",
        "--prompt-syntax x  | --prompt-syntax must be a1111 or plain: x",
        "--emphasis loud    | emphasis must be one of None, Ignore, Original, No norm: loud",
        "--lora pom.xml:1000 | the strength of a LoRA must be from -100 to 100: 1000",
        "--lora-dir pom.xml  | --lora-dir must be a folder: pom.xml",
        "--clip-skip 0      | clip skip must be from 1 to 12: 0",
        "--clip-skip 9      | clip skip must be at most 3 for this model: 9",
        "--rng dice         | noise must be one of [cpu, cuda]: dice",
        "--subseed 3        | --subseed needs a --subseed-strength above 0: 3",
        "--subseed-strength 2 | variation strength must be between 0 and 1: 2.0",
        "--seed-resize 0x64 | size must be positive: 0x64",
        "--eta -1           | eta must be from 0 to 10: -1.0",
        "--prediction x     | --prediction must be eps, v or auto: x",
        "--guidance-rescale 2 | guidance rescale must be from 0 to 1: 2.0",
        "--guidance-interval x | guidance interval must be START-END, such as 0.2-0.8: 'x'",
        "--guidance-interval 0.5 | guidance interval must be START-END, such as 0.2-0.8: '0.5'",
        "--guidance-interval 0.8-0.2 | end after that, at most at 1: 0.8-0.2",
        "--guidance-interval 0.5-1.5 | end after that, at most at 1: 0.5-1.5",
        "--cache-interval 0 | cache interval must be from 1 to 1000: 0",
        "--cache-interval often | 'often' is not an int",
        "--vae-tiling some  | tiling must be auto, on, off or a side in pixels: some",
        "--vae-tiling 9     | side of a tile must be at least 64 pixels: 9",
        "--strength 0.5     | --strength needs a picture to begin with: --init IMAGE",
        "--depth-model x --depth d.png | --depth-model estimates the depth of a picture (--depth"
            + " auto, --control MODEL=depth:IMAGE), but none is to be estimated",
        "--mask m.png       | --mask needs a picture to begin with: --init IMAGE",
        "--no-paste         | --no-paste needs a --mask, a picture with a transparent part or"
            + " --extend",
        "--preview x.jpg    | --preview must be a .png file, and perhaps ':' and a number",
        "--preview x.png:0  | --preview must be written every 1 or more steps: 0",
        "--embedding =cat   | --embedding must be FILE or FILE=WORD: =cat",
        "--magic            | Unknown option: '--magic' (see latente generate --help)",
        "-o out.jpg         | output must be a .png file or a folder: out.jpg"
      })
  void wrongOptionsAreNamed(String options, String message) {
    CommandLineRun run =
        CommandLineRun.of(
            Stream.concat(
                    Stream.of("generate", "a boat", "-m", CommandLineRun.MODEL.toString()),
                    Stream.of(options.split(" ")))
                .toArray(String[]::new));
    run.assertRefused(ExitCode.WRONG_CALL, message);
  }

  @Test
  void aMissingPromptIsNamed() {
    CommandLineRun.of("generate")
        .assertRefused(
            ExitCode.WRONG_CALL,
            "Missing required parameter: 'PROMPT' (see latente generate --help)");
  }

  @Test
  void anUnknownCommandIsNamed() {
    CommandLineRun.of("paint").assertRefused(ExitCode.WRONG_CALL, "'paint'");
  }

  @Test
  void noCommandAtAllGivesHelp() {
    CommandLineRun run = CommandLineRun.of();
    assertThat(run.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(run.err()).contains("generate").contains("scenes");
  }

  @Test
  void anUnwritableOutputIsToldBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "");
    CommandLineRun.of(
            "generate", "a boat", "-m", CommandLineRun.MODEL.toString(), "-o", file + "/out.png")
        .assertRefused(ExitCode.FAILED, file + ": expected a folder to write to, found a file");
  }

  @Test
  void embeddingsThatAreMissingOrForOtherModelsAreNamed() {
    String model = CommandLineRun.MODEL.toString();
    String wide = CommandLineRun.MODEL + "/../embeddings/wide.safetensors";
    CommandLineRun.of("generate", "a boat", "-m", model, "--embeddings", "none")
        .assertRefused(ExitCode.FAILED, "none: expected a folder of embeddings, found none");
    CommandLineRun.of("generate", "a boat", "-m", model, "--embedding", "none.pt=cat")
        .assertRefused(
            ExitCode.FAILED, "none.pt: expected a file with an embedding, found nothing");
    CommandLineRun.of("generate", "a cat", "-m", model, "--embedding", wide + "=cat")
        .assertRefused(ExitCode.FAILED, wide + ": expected an embedding of width [32]");
  }

  @Test
  void aModelThatIsNotThereIsNamed() {
    Path none = folder.resolve("none");
    generate(none).assertRefused(ExitCode.FAILED, none + ": expected a model folder");
  }

  @Test
  void aLoraThatIsNotThereOrForAnotherModelIsRefused() {
    generate(CommandLineRun.MODEL, "--lora", "none.safetensors:0.8")
        .assertRefused(ExitCode.FAILED, "none.safetensors: no such file");
    Path other = CommandLineRun.MODEL.resolveSibling("lora/sdxl-kohya.safetensors");
    generate(CommandLineRun.MODEL, "--lora", other.toString())
        .assertRefused(
            ExitCode.FAILED,
            "expected a LoRA for Stable Diffusion of its own size (text of width 32), found one"
                + " for");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderWithoutAUNetIsRefused() throws IOException {
    Path model = copy();
    Path index = model.resolve("model_index.json");
    Files.writeString(index, Files.readString(index).replace("\"unet\"", "\"other\""));
    generate(model).assertRefused(ExitCode.FAILED, "expected a U-Net ('unet'), found none");
  }

  @Test
  void anotherArchitectureIsRefused() throws IOException {
    Path model = copy();
    Path index = model.resolve("model_index.json");
    Files.writeString(
        index, Files.readString(index).replace("\"StableDiffusionPipeline\"", "\"FluxPipeline\""));
    generate(model)
        .assertRefused(ExitCode.FAILED, "unsupported architecture 'FluxPipeline'; supported: ");
  }

  @Test
  void weightsOfOtherSizesAreRefused() throws IOException {
    Path model = copy();
    Path config = model.resolve("unet/config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"layers_per_block\": 2", "\"layers_per_block\": 1"));
    generate(model).assertRefused(ExitCode.FAILED, "does not fit its config: ");
  }

  @Test
  void componentsThatDoNotBelongTogetherAreRefused() throws IOException {
    Path model = copy();
    Path config = model.resolve("unet/config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"cross_attention_dim\": 32", "\"cross_attention_dim\": 64"));
    generate(model)
        .assertRefused(
            ExitCode.FAILED,
            "expected text encoders together as wide as the U-Net's cross_attention_dim 64");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    Path model = copy();
    byte[] whole = Files.readAllBytes(model.resolve(UNET));
    Files.write(model.resolve(UNET), Arrays.copyOf(whole, whole.length / 2));
    generate(model).assertRefused(ExitCode.FAILED, UNET.substring(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "1152921504606846976 | {}",
        "-1 | {}",
        "3 | {{{",
        "0 | {\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,99]}}",
        "0 | {\"a\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "0 | {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}"
      })
  void aHostileFileIsRefused(long statedLength, String header) throws IOException {
    Path model = copy();
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(statedLength == 0 ? json.length : statedLength).put(json);
    Files.write(model.resolve(UNET), bytes.array());
    generate(model).assertRefused(ExitCode.FAILED, UNET.substring(5));
  }

  /// A whole model in one file, which is not what it should be.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}} | a dtype of F64,"
            + " F32, F16",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[64],\"data_offsets\":[0,256]}} | the file is cut off",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | expected a whole model"
      })
  void aSingleFileThatIsNoModelIsRefused(String header, String message) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Path model = Files.write(folder.resolve("model.safetensors"), bytes.array());
    generate(model).assertRefused(ExitCode.FAILED, message);
  }

  @Test
  void aHalfDownloadedGgufFileIsRefused() throws IOException {
    byte[] whole =
        Files.readAllBytes(Path.of("../core/src/test/resources/reference/gguf/types.gguf"));
    for (int length : new int[] {6, 20, whole.length / 2, whole.length - 1}) {
      Path model = Files.write(folder.resolve("model.gguf"), Arrays.copyOf(whole, length));
      generate(model).assertRefused(ExitCode.FAILED, "model.gguf: ");
    }
  }

  /// PyTorch before 1.6 wrote bare pickles, one after the other.
  @Test
  void anOldPyTorchFileIsRefused() throws IOException {
    byte[] magic = {
      (byte) 0x80,
      2,
      (byte) 0x8a,
      10,
      0x6c,
      (byte) 0xfc,
      (byte) 0x9c,
      0x46,
      (byte) 0xf9,
      0x20,
      0x6a,
      (byte) 0xa8,
      0x50,
      0x19,
      0x2e
    };
    Path model = Files.write(folder.resolve("model.ckpt"), magic);
    generate(model).assertRefused(ExitCode.FAILED, "model.ckpt: ");
  }

  @Test
  void scenesAreNotWrittenOverOtherFiles() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    CommandLineRun.of("scenes", folder.toString(), "--count", "1")
        .assertRefused(ExitCode.WRONG_CALL, "scenes need an empty folder");
    CommandLineRun.of("scenes", folder.resolve("notes.txt").toString(), "--count", "1")
        .assertRefused(ExitCode.FAILED, "notes.txt: expected a folder, found a file");
    CommandLineRun.of("scenes", folder.resolve("new").toString(), "--count", "-1")
        .assertRefused(ExitCode.WRONG_CALL, "count must be in 1..1000000: -1");
  }

  private Path copy() throws IOException {
    Path model = folder.resolve("model");
    try (Stream<Path> files = Files.walk(CommandLineRun.MODEL)) {
      for (Path file : files.toList()) {
        Path target = model.resolve(CommandLineRun.MODEL.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return model;
  }
}
