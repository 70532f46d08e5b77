package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.model.Conversion;
import dev.latente.model.Conversion.Layout;
import dev.latente.model.ModelFacts;
import dev.latente.model.Quantisation;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.SamplingHints;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {
  @TempDir Path folder;

  private static Path reference(String name) {
    return Reference.FOLDER.resolve(name);
  }

  private static void convert(
      Path from, Path to, Layout layout, Precision precision, Quantisation... quantisation)
      throws IOException {
    new Conversion(
            from,
            to,
            layout,
            Optional.of(precision),
            Stream.of(quantisation).findFirst(),
            Optional.of(reference("tiny-sd1/tokenizer")))
        .run((_, _) -> {});
  }

  private static void assertEqualTensors(Path found, Path expected) throws IOException {
    try (SafetensorsFile one = SafetensorsFile.open(found);
        SafetensorsFile other = SafetensorsFile.open(expected)) {
      Set<String> names = new TreeSet<>(other.names());
      names.removeIf(name -> name.endsWith("position_ids"));
      assertThat(one.names()).hasSameSizeAs(names);
      for (String old : names) {
        String name = one.names().contains(old) ? old : newName(old);
        assertThat(one.names()).contains(name);
        assertThat(one.type(name)).as(name).isEqualTo(other.type(old));
        assertThat(one.shape(name)).as(name).isEqualTo(other.shape(old));
        assertThat(one.bytes(name).toArray(ValueLayout.JAVA_BYTE))
            .as(name)
            .isEqualTo(other.bytes(old).toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }

  /// What diffusers calls a weight today that some of the folders have under other names.
  private static String newName(String old) {
    return old.matches("(embeddings|encoder\\.layers|final_layer_norm)\\..*")
        ? "text_model." + old
        : old.replace(".query.", ".to_q.")
            .replace(".key.", ".to_k.")
            .replace(".value.", ".to_v.")
            .replace(".proj_attn.", ".to_out.0.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2", "tiny-sdxl"})
  void aSingleFileHasTheOriginalCodesNamesAndShapes(String name) throws IOException {
    Path expected = SingleFiles.write(name, folder.resolve("expected.safetensors"));
    Path file = folder.resolve("file.safetensors");
    convert(reference(name), file, Layout.SAFETENSORS, Precision.F16);
    assertEqualTensors(file, expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2", "tiny-sdxl"})
  void thereAndBackIsTheSameModel(String name) throws IOException {
    Path before = folder.resolve("before");
    convert(reference(name), before, Layout.FOLDER, Precision.BF16);
    for (Layout layout : new Layout[] {Layout.SAFETENSORS, Layout.GGUF}) {
      Path file = folder.resolve("file." + layout);
      convert(before, file, layout, Precision.BF16);
      Path after = folder.resolve("after-" + layout);
      convert(file, after, Layout.FOLDER, Precision.BF16);
      for (Path weights : weights(after)) {
        assertThat(ModelFacts.of(after).kind()).isEqualTo(ModelFacts.of(before).kind());
        assertEqualTensors(after.resolve(weights), before.resolve(weights));
      }
    }
  }

  private static Set<Path> weights(Path model) throws IOException {
    try (Stream<Path> files = Files.walk(model)) {
      Set<Path> weights = new TreeSet<>();
      files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .forEach(file -> weights.add(model.relativize(file)));
      assertThat(weights).hasSizeGreaterThan(2);
      return weights;
    }
  }

  private static Picture picture(Path model) throws IOException {
    return picture(model, MemoryUse.FAST);
  }

  private static Picture picture(Path model, MemoryUse memory) throws IOException {
    LoadOptions options =
        LoadOptions.of(Device.CPU, Precision.F32)
            .withMemory(memory)
            .withTokenizers(TokenizerFiles.of(reference("tiny-sd1/tokenizer")));
    try (TextToImage loaded = TextToImage.open(model, options)) {
      ImageRequest request =
          loaded.request("a red boat on a calm lake!").size(64, 64).steps(3).seed(2).build();
      return loaded.generate(request).getFirst().picture();
    }
  }

  @Test
  void thePictureStaysTheSame() throws IOException {
    Path file = folder.resolve("m.safetensors");
    convert(reference("tiny-sd1"), file, Layout.SAFETENSORS, Precision.F32);
    Path back = folder.resolve("back");
    convert(file, back, Layout.FOLDER, Precision.F32);
    Picture expected = picture(reference("tiny-sd1"));
    assertThat(picture(file)).isEqualTo(expected); // its sizes are in its metadata
    assertThat(picture(back)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = Quantisation.class,
      names = {"Q8_0", "Q5_0", "Q4_0"})
  void aQuantisedModelDrawsNearlyTheSame(Quantisation quantisation) throws IOException {
    Path file = folder.resolve("m.gguf");
    convert(reference("tiny-sd1"), file, Layout.GGUF, Precision.F32, quantisation);
    Picture found = picture(file);
    assertThat(picture(file, MemoryUse.LOW)).as("with blocks kept").isEqualTo(found);
    double distance = distance(found, picture(reference("tiny-sd1")));
    // levels of 255 on average: about twice what was found (1.1, 5.2, 10.8); random weights forgive
    // less than trained ones
    double most =
        switch (quantisation) {
          case Q8_0, Q6_K -> 2;
          case Q5_0, Q5_1, Q5_K -> 10;
          case Q4_0, Q4_1, Q4_K, Q3_K, Q2_K -> 22;
        };
    assertThat(distance).isGreaterThan(0).isLessThan(most);
  }

  private static double distance(Picture one, Picture other) {
    long sum = 0;
    for (int y = 0; y < one.height(); y++) {
      for (int x = 0; x < one.width(); x++) {
        for (int shift : new int[] {0, 8, 16}) {
          sum += Math.abs((one.at(x, y) >> shift & 255) - (other.at(x, y) >> shift & 255));
        }
      }
    }
    return sum / (3.0 * one.width() * one.height());
  }

  @Test
  void theMakersAdviceGoesAlong() throws IOException {
    Path before = folder.resolve("before");
    convert(reference("tiny-sd1"), before, Layout.FOLDER, Precision.F16);
    Path index = before.resolve("model_index.json");
    String text = Files.readString(index);
    Files.writeString(
        index,
        text.replaceFirst(
            "\\{", "{\"latente\": {\"steps\": 12, \"guidance\": 4.5, \"hires_strength\": 0.2},"));
    SamplingHints advice = SamplingHints.read(before);
    assertThat(advice).isNotEqualTo(SamplingHints.none());
    for (Layout layout : new Layout[] {Layout.SAFETENSORS, Layout.GGUF}) {
      Path file = folder.resolve("file." + layout);
      convert(before, file, layout, Precision.F16);
      assertThat(SamplingHints.read(file)).isEqualTo(advice);
      Path after = folder.resolve("after-" + layout);
      convert(file, after, Layout.FOLDER, Precision.F16);
      assertThat(SamplingHints.read(after)).isEqualTo(advice);
    }
  }

  @Test
  void whatIsInTheWayIsNotReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("m.gguf"), "mine");
    assertThatThrownBy(() -> convert(reference("tiny-sd1"), file, Layout.GGUF, Precision.F16))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": expected nothing there, found a file or folder");
    assertThat(file).hasContent("mine");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void stoppedItLeavesNothing(Layout layout) throws IOException {
    Conversion conversion =
        new Conversion(
            reference("tiny-sd1"),
            folder.resolve("out"),
            layout,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThatThrownBy(() ->
            conversion.run((done, total) -> {
              if (done > total / 2) {
                throw new CancellationException("stopped");
              }
            }))
        .isInstanceOf(CancellationException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aQuantisationNeedsGguf() {
    assertThatThrownBy(() ->
            convert(
                reference("tiny-sd1"),
                folder.resolve("x"),
                Layout.FOLDER,
                Precision.F16,
                Quantisation.Q8_0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a quantisation needs a GGUF file to write: q8_0");
  }
}
