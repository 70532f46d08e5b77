package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GenerationParametersTest {
  @Test
  void theTextIsTheWebInterfaces() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("Version", "0.1.0");
    values.put("Lora hashes", "boat: 0123456789ab, sea: ba9876543210");
    values.put("Size", "512x512");
    values.put("Seed", "1");
    values.put("Sampler", "Euler a");
    values.put("Steps", "20");
    values.put("CFG scale", "7");
    values.put("Schedule type", "Automatic");
    GenerationParameters parameters =
        new GenerationParameters("a red boat,\non a lake", "blurry", values);
    assertThat(parameters.format())
        .isEqualTo(
            """
            a red boat,
            on a lake
            Negative prompt: blurry
            Steps: 20, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x512, \
            Lora hashes: "boat: 0123456789ab, sea: ba9876543210", Version: 0.1.0\
            """);
    assertThat(GenerationParameters.parse(parameters.format())).isEqualTo(parameters);
  }

  @Test
  void withoutANegativePromptItsLineIsLeftOut() {
    GenerationParameters parameters =
        new GenerationParameters("", "", Map.of("Steps", "2", "Seed", "3", "Size", "8x8"));
    assertThat(parameters.format()).isEqualTo("Steps: 2, Seed: 3, Size: 8x8");
    assertThat(GenerationParameters.parse("Steps: 2, Seed: 3, Size: 8x8")).isEqualTo(parameters);
  }

  @Test
  void aLineOfFewerThanThreeValuesIsPrompt() {
    GenerationParameters parsed = GenerationParameters.parse("a photo: nice, mood: good");
    assertThat(parsed.prompt()).isEqualTo("a photo: nice, mood: good");
    assertThat(parsed.values()).isEmpty();
    assertThat(GenerationParameters.parse(""))
        .isEqualTo(new GenerationParameters("", "", Map.of()));
  }

  /// Expected values: Python's `re.findall` with the web UI's pattern.
  @Test
  void oddLinesAreReadAsByTheWebInterface() {
    assertValues(
        "Steps: 20, Sampler: Euler a, Model: na:me, Hashes: \"a: 1, b: \\\"2\\\"\", Bad: \"x\" y",
        "Steps",
        "20",
        "Sampler",
        "Euler a",
        "Model",
        "na:me",
        "Hashes",
        "a: 1, b: \"2\"",
        "Bad",
        "\"x\" y");
    assertValues(
        ": x, a: b, éa b/c-d: 1, - Steps: 2,:, q:w, Empty: , Zz: \"un, closed: 1, End: \"a\\\\\","
            + " T: \"tr\\",
        "éa b/c-d",
        "1",
        "Steps",
        "2",
        "Empty",
        "",
        "Zz",
        "\"un",
        "closed",
        "1",
        "End",
        "a\\");
    assertValues("Steps:1,,  Sampler :2, 12: 3: 4", "Steps", "1", "Sampler ", "2", "12", "3: 4");
  }

  @Test
  void windowsLineBreaksAndSeveralNegativeLinesAreRead() {
    GenerationParameters parsed =
        GenerationParameters.parse(
            "\r\none\r\ntwo\r\nNegative prompt: three\r\nfour\r\nSteps: 1, Seed: 2, Size: 8x8\r\n");
    assertThat(parsed.prompt()).isEqualTo("one\ntwo");
    assertThat(parsed.negativePrompt()).isEqualTo("three\nfour");
    assertThat(parsed.values()).containsEntry("Size", "8x8");
  }

  @Test
  void anyValueComesBack() {
    Random random = new Random(5);
    String[] pieces = {
      ",", ":", "\n", "\"", "\\", " ", "a", "é", "😀", "\t", "\u0001", "1x2", "{}"
    };
    for (int i = 0; i < 2000; i++) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String key : new String[] {"Steps", "Model", "Own key-1/2"}) {
        StringBuilder value = new StringBuilder();
        for (int j = random.nextInt(6); j > 0; j--) {
          value.append(pieces[random.nextInt(pieces.length)]);
        }
        values.put(key, value.toString());
      }
      GenerationParameters parameters = new GenerationParameters("a", "b", values);
      assertThat(GenerationParameters.parse(parameters.format())).isEqualTo(parameters);
    }
  }

  @Test
  void longHostileTextIsReadSoon() {
    String line = "a".repeat(1_000_000) + ": \"" + "\\\"".repeat(1_000_000) + "\", B1: 2, C1: 3";
    assertThat(GenerationParameters.parse(line).values()).hasSize(3);
    assertThat(GenerationParameters.parse("x ".repeat(1_000_000)).prompt()).hasSize(1_999_999);
    assertThat(GenerationParameters.parse(":,\"".repeat(1_000_000)).values()).isEmpty();
  }

  @Test
  void aKeyThatCouldNotBeReadBackIsRefused() {
    assertThatThrownBy(() -> new GenerationParameters("", "", Map.of("a:b", "c")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key must be a word of letters, digits, spaces, '-' and '/': 'a:b'");
  }

  private static void assertValues(String line, String... keysAndValues) {
    Map<String, String> expected = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      expected.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    assertThat(GenerationParameters.parse("a prompt\n" + line).values())
        .containsExactlyEntriesOf(expected);
  }
}
