package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.GenerationParameters;
import dev.latente.image.Picture;
import dev.latente.image.PictureInfo;
import dev.latente.image.Png;
import dev.latente.pipeline.Frame;
import dev.latente.pipeline.GeneratedImage;
import dev.latente.pipeline.GuidanceInterval;
import dev.latente.pipeline.HiresOptions;
import dev.latente.pipeline.HiresUpscaler;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.MicroConditioning;
import dev.latente.pipeline.NoiseOptions;
import dev.latente.pipeline.PixelSize;
import dev.latente.pipeline.PromptOptions;
import dev.latente.pipeline.ReferenceOptions;
import dev.latente.pipeline.SamplingOptions;
import dev.latente.pipeline.Shortcuts;
import dev.latente.pipeline.StageSeconds;
import dev.latente.prompt.Emphasis;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import dev.latente.tensor.NoiseSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParseResult;

/// `latente generate --like`: a request becomes text, and the text the same request.
class LikeTest {
  /// Each file holds one picture; those that it begins with or that guide it, and the networks they
  /// pass through are files of their own, which the text can only name. LoRAs are in the text as
  /// tags of the prompt.
  private static final Set<String> NOT_IN_TEXT =
      Set.of("count", "batch", "controls", "depth", "references", "start", "loras");

  @TempDir Path folder;

  /// A request of which nothing is as usual.
  private static ImageRequest unusual() {
    return ImageRequest.builder("(a red boat:1.2), \"quoted\"\nat sea")
        .negativePrompt("-fog, rain: none")
        .size(328, 64)
        .steps(17)
        .sampler(SamplerKind.DPMPP_2M_SDE)
        .schedule(Schedule.SGM_UNIFORM)
        .guidance(6.125)
        .imageGuidance(2.25)
        .seed(123_456_789_012L)
        .prompts(
            PromptOptions.usual()
                .withClipSkip(2)
                .withEmphasis(Emphasis.NO_NORM)
                .withSyntax(PromptSyntax.PLAIN))
        .noise(
            NoiseOptions.plain()
                .withSource(NoiseSource.CUDA)
                .withVariation(77, 0.25)
                .withDrawnFor(new PixelSize(512, 384))
                .withStepOffset(31337))
        .sampling(
            SamplingOptions.usual()
                .withEta(0.5)
                .withGuidanceRescale(0.7)
                .withPrediction(Prediction.V_PREDICTION)
                .withUpscaleNoise(33)
                .withShortcuts(
                    Shortcuts.none()
                        .withGuidance(new GuidanceInterval(0.125, 0.7))
                        .withCacheInterval(3))
                .withZeroTerminalSnr(true))
        .micro(
            MicroConditioning.usual()
                .withFrame(
                    Frame.whole()
                        .withOriginal(new PixelSize(100, 200))
                        .withCrop(3, 4)
                        .withTarget(new PixelSize(300, 400)))
                .withNegativeFrame(Frame.whole().withOriginal(new PixelSize(64, 65)))
                .withScores(7.5, 1.25))
        .refinerAt(0.75)
        .reference(new ReferenceOptions(0.875, 0.25, 321))
        .watermark(true)
        .hires(
            Optional.of(
                HiresOptions.of(1.75)
                    .withUpscaler(HiresUpscaler.PIXEL)
                    .withStrength(0.35)
                    .withSteps(9)))
        .build();
  }

  private static GeneratedImage drawn(ImageRequest request) {
    return new GeneratedImage(
        Picture.black(8, 8),
        request,
        "mini",
        request.refinerAt().isPresent() ? Optional.of("mini") : Optional.empty(),
        request.sampler().orElse(SamplerKind.EULER),
        request.schedule().orElse(Schedule.LEADING),
        0,
        0,
        Map.of(),
        false,
        new StageSeconds(0, 0, 0),
        List.of());
  }

  /// The request that `--like` makes of a picture's text, by way of the command line.
  private ImageRequest repeated(GenerationParameters text, String... more) throws IOException {
    Path file = folder.resolve("picture.png");
    Png.write(file, Picture.black(8, 8), Map.of(Png.PARAMETERS, text.format()));
    LikeArguments like = LikeArguments.of(file);
    List<String> given = List.of(more).stream().map(option -> option.split("=", 2)[0]).toList();
    List<String> arguments = new ArrayList<>(List.of("generate"));
    arguments.addAll(like.options(given::contains));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--", like.made().prompt()));
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    ParseResult result =
        Latente.commandLine(Session.of(nowhere, nowhere))
            .parseArgs(arguments.toArray(String[]::new))
            .subcommand();
    GenerateCommand command = (GenerateCommand) result.commandSpec().userObject();
    String prompt = result.matchedPositionalValue(0, Optional.<String>empty()).orElseThrow();
    long seed = Long.parseLong(like.made().value("Seed").orElseThrow());
    return command.filled(ImageRequest.builder(prompt), seed, Optional.empty());
  }

  private static GenerationParameters own(ImageRequest request) {
    GenerationParameters made = drawn(request).parameters();
    Map<String, String> values = new LinkedHashMap<>(made.values());
    values.put("Version", "Latente 1");
    return new GenerationParameters(made.prompt(), made.negativePrompt(), values);
  }

  @Test
  void everyFieldOfARequestIsInTheText() throws Exception {
    ImageRequest usual = ImageRequest.builder("").build();
    assertAllDiffer(usual, unusual());
    assertThat(repeated(own(unusual()))).isEqualTo(unusual());
  }

  /// A new field of a request fails here until [#unusual] has it; and then above, until the text
  /// and [LikeArguments] do.
  private static void assertAllDiffer(Record usual, Record unusual) throws Exception {
    for (RecordComponent component : usual.getClass().getRecordComponents()) {
      Object before = component.getAccessor().invoke(usual);
      Object after = component.getAccessor().invoke(unusual);
      if (NOT_IN_TEXT.contains(component.getName())) {
        assertThat(after).as(component.getName()).isEqualTo(before);
      } else if (before instanceof Record inner && after instanceof Record other) {
        assertAllDiffer(inner, other);
      } else {
        assertThat(after)
            .as("%s of %s", component.getName(), usual.getClass())
            .isNotEqualTo(before);
      }
    }
  }

  /// A1111's web UI leaves guidance out of the steps `i` with `i / steps <= share`.
  @Test
  void skippedGuidanceOfTheWebInterfaceIsRepeated() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("Steps", "20");
    values.put("Seed", "5");
    values.put("Skip Early CFG", "0.1");
    GenerationParameters text = new GenerationParameters("a boat", "", values);
    Shortcuts late = Shortcuts.none().withGuidance(new GuidanceInterval(0.15, 1));
    assertThat(repeated(text).sampling().shortcuts()).isEqualTo(late);
    values.put("Skip Early CFG", "much");
    text = new GenerationParameters("a boat", "", values);
    assertThat(repeated(text).sampling().shortcuts()).isEqualTo(Shortcuts.none());
  }

  /// A1111's web UI gives the second pass' strength the name that a start picture's has.
  @Test
  void aSecondPassOfTheWebInterfaceIsRepeated() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("Steps", "20");
    values.put("Seed", "5");
    values.put("Size", "512x768");
    values.put("Denoising strength", "0.55");
    values.put("Hires upscale", "2");
    values.put("Hires steps", "12");
    values.put("Hires upscaler", "Latent (nearest)");
    GenerationParameters text = new GenerationParameters("a boat", "", values);
    assertThat(repeated(text).hires())
        .contains(
            HiresOptions.of(2)
                .withUpscaler(HiresUpscaler.LATENT_NEAREST)
                .withStrength(0.55)
                .withSteps(12));
    assertThat(repeated(text, "--hires-strength=0.4").hires().orElseThrow().strength())
        .isEqualTo(0.4);
  }

  @Test
  void aUsualRequestIsRepeatedToo() throws IOException {
    ImageRequest usual =
        ImageRequest.builder("a boat")
            .sampler(SamplerKind.EULER)
            .schedule(Schedule.LEADING)
            .build();
    assertThat(repeated(own(usual))).isEqualTo(usual);
  }

  @Test
  void whatIsGivenByHandCountsMore() throws IOException {
    ImageRequest request = repeated(own(unusual()), "--steps=3", "--clip-skip=1");
    assertThat(request.steps()).isEqualTo(3);
    assertThat(request.prompts().clipSkip()).isEqualTo(1);
    assertThat(request.guidance()).isEqualTo(6.125);
  }

  /// As the web UI writes them: once with the noise levels in the sampler's name, now apart.
  @ParameterizedTest
  @CsvSource({
    "DPM++ 2M Karras, , DPMPP_2M, KARRAS",
    "Euler a, Automatic, EULER_A, NORMAL",
    "DPM++ 2M, Automatic, DPMPP_2M, KARRAS",
    "DPM++ 3M SDE, Exponential, DPMPP_3M_SDE, EXPONENTIAL",
    "Euler, SGM Uniform, EULER, SGM_UNIFORM",
    "UniPC, KL Optimal, UNIPC, KL_OPTIMAL"
  })
  void theWebInterfacesNamesAreUnderstood(
      String sampler, String schedule, SamplerKind kind, Schedule levels) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("Steps", "20");
    values.put("Sampler", sampler);
    if (schedule != null) {
      values.put("Schedule type", schedule);
    }
    values.put("Seed", "5");
    values.put("Size", "512x768");
    values.put("Version", "v1.10.1");
    ImageRequest request = repeated(new GenerationParameters("a boat", "", values));
    assertThat(request.sampler()).contains(kind);
    assertThat(request.schedule()).contains(levels);
    assertThat(request.noise().source()).isEqualTo(NoiseSource.CUDA); // its own numbers
    assertThat(request.watermark()).isTrue();
  }

  private CommandLineRun generate(String... more) {
    List<String> all = new ArrayList<>(List.of("generate"));
    all.addAll(List.of(more));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  @Test
  void theSamePictureIsDrawnAgain() throws IOException {
    String first = folder.resolve("first.png").toString();
    String second = folder.resolve("second.png").toString();
    String model = CommandLineRun.MODEL.toString();
    generate("a red boat", "-m", model, "--steps", "2", "--size", "72x64", "-o", first)
        .assertDone();
    generate("--like", first, "-m", model, "-o", second).assertDone();
    assertThat(Picture.read(Path.of(second))).isEqualTo(Picture.read(Path.of(first)));
    assertThat(PictureInfo.read(Path.of(second)).parameters())
        .isEqualTo(PictureInfo.read(Path.of(first)).parameters());
    generate("--like=" + first, "a blue boat", "-m", model, "-o", second).assertDone();
    assertThat(PictureInfo.read(Path.of(second)).parameters().orElseThrow().prompt())
        .isEqualTo("a blue boat");
    assertThat(Picture.read(Path.of(second))).isNotEqualTo(Picture.read(Path.of(first)));
  }

  @Test
  void whatCannotBeRepeatedIsSaidInOneLine() throws IOException {
    Path remarks = Path.of("../core/src/test/resources/dev/latente/image");
    generate("--like", remarks.resolve("comfyui.png").toString())
        .assertRefused(ExitCode.WRONG_CALL, "found ComfyUI's own");
    generate("--like", remarks.resolve("comment.jpg").toString())
        .assertRefused(ExitCode.WRONG_CALL, "expected a picture that says how it was made");
    generate("--like", folder.resolve("none.png").toString())
        .assertRefused(ExitCode.FAILED, "no such file");
    generate().assertRefused(ExitCode.WRONG_CALL, "Missing required parameter: 'PROMPT'");
  }

  @Test
  void aModelThatIsNotThereIsNamed() throws IOException {
    Path file = folder.resolve("picture.png");
    String text = "a boat\nSteps: 2, Seed: 3, Size: 64x64, Model hash: 0123456789, Model: dreams";
    Png.write(file, Picture.black(8, 8), Map.of(Png.PARAMETERS, text));
    generate("--like", file.toString())
        .assertRefused(
            ExitCode.FAILED,
            "drawn with the model 'dreams' (hash 0123456789), which was not found; name one with");
  }

  @Test
  void embeddingsAreLookedForByWordAndHash() throws IOException {
    Path embeddings = CommandLineRun.MODEL.resolveSibling("embeddings");
    String first = folder.resolve("first.png").toString();
    String second = folder.resolve("second.png").toString();
    String model = CommandLineRun.MODEL.toString();
    String own = "--embedding=" + embeddings.resolve("two.pt") + "=sketchy";
    generate("a sketchy boat", own, "-m", model, "--steps", "1", "-o", first).assertDone();
    generate("--like", first, own, "-m", model, "-o", second).assertDone();
    assertThat(Picture.read(Path.of(second))).isEqualTo(Picture.read(Path.of(first)));
    generate("--like", first, "-m", model, "-o", second)
        .assertRefused(ExitCode.FAILED, "), which was not found; give it with --embedding or");
    generate("--like", first, "a boat", "-m", model, "-o", second).assertDone();
    String other = "--embedding=" + embeddings.resolve("three.safetensors") + "=sketchy";
    CommandLineRun run = generate("--like", first, other, "-m", model, "-o", second);
    assertThat(run.code()).isZero();
    assertThat(run.err()).startsWith("note: the embedding 'sketchy' (").hasLineCount(1);
  }

  @Test
  void whatIsNotRepeatedIsNoted() throws IOException {
    Path file = folder.resolve("picture.png");
    String text =
        "a boat\nSteps: 1, Seed: 3, Size: 64x64, RNG: CPU, Face restoration: GFPGAN, Version: 1";
    Png.write(file, Picture.black(8, 8), Map.of(Png.PARAMETERS, text));
    CommandLineRun run =
        generate(
            "--like",
            file.toString(),
            "-m",
            CommandLineRun.MODEL.toString(),
            "-o",
            folder.resolve("new.png").toString());
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo("note: the picture's text says more, which is not repeated: Face restoration\n");
    assertThat(Files.exists(folder.resolve("new.png"))).isTrue();
  }

  @Test
  void whatDoesNotGoWithReferencePicturesIsSaid() {
    String picture = "../core/src/test/resources/reference/tiny-vision/pictures/wide.png";
    generate("a boat", "--reference", picture, "--reference-fidelity", "2")
        .assertRefused(ExitCode.WRONG_CALL, "reference fidelity must be from 0 to 1: 2.0");
    String model = CommandLineRun.MODEL.toString();
    generate("a boat", "-m", model, "--reference", picture, "--reference-blocks", "up_blocks.0=1")
        .assertRefused(ExitCode.WRONG_CALL, "--reference-blocks need a --reference-model: none");
    generate("a boat", "--reference-model", "x.bin")
        .assertRefused(ExitCode.WRONG_CALL, "need a --reference: none");
    generate("a boat", "--reference", picture + "@99", "--reference-model", "x.bin")
        .assertRefused(ExitCode.WRONG_CALL, "must be from 0 to 10: 99.0");
    generate("a boat", "--reference", picture + "@-1", "--reference-model", "x.bin")
        .assertRefused(ExitCode.WRONG_CALL, "must be from 0 to 10: -1.0");
    generate("a boat", "-m", model, "--reference", picture + "@7", "--size", "64x64")
        .assertRefused(
            ExitCode.WRONG_CALL,
            "the weight of a reference picture is the share of attentions that look at it, 0 to 1:"
                + " 7.0");
    generate("a boat", "--reference", picture, "--reference-colours", "2")
        .assertRefused(ExitCode.WRONG_CALL, "reference colours must be from 0 to 1: 2.0");
    generate("a boat", "--reference", picture, "--reference-colours", "1", "--reference-model", "x")
        .assertRefused(
            ExitCode.WRONG_CALL,
            "--reference-fidelity and --reference-colours are for pictures without a"
                + " --reference-model: one was given");
    generate("a boat", "--reference-fidelity", "0.3")
        .assertRefused(
            ExitCode.WRONG_CALL,
            "--reference-fidelity, --reference-colours and --reference-noise need a --reference:"
                + " none");
  }
}
