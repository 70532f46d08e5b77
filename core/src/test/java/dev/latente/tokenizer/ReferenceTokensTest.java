package dev.latente.tokenizer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Against what transformers gives; `reference/README.md` and `reference/tokens/README.md` say how.
class ReferenceTokensTest {
  @TempDir Path folder;

  @Test
  void clipsVocabularyGivesTheReferencesTokens() throws IOException {
    ClipTokenizer tokenizer = clip();
    List<JsonNode> cases = lines("tokens/clip.jsonl.gz");
    assertThat(cases).hasSizeGreaterThan(3000);
    assertThat(wrong(tokenizer, cases, "ids")).isEmpty();
  }

  @Test
  void encodingFramesPadsAndCutsTheReferencesTokens() throws IOException {
    ClipTokenizer tokenizer = clip();
    assertThat(tokenizer.size()).isEqualTo(49408);
    for (JsonNode line : lines("tokens/clip.jsonl.gz")) {
      int[] expected = ids(line.path("ids"));
      Encoding encoding = tokenizer.encode(line.path("text").asString());
      int[] framed = Arrays.copyOf(expected, 77);
      Arrays.fill(framed, Math.min(expected.length, 76), 77, 49407);
      assertThat(encoding.ids()).isEqualTo(framed);
      assertThat(encoding.tokens()).isEqualTo(expected.length - 2);
      assertThat(encoding.cut()).isEqualTo(Math.max(0, expected.length - 77));
    }
  }

  @Test
  void theTinyFoldersGiveTheReferencesTokens() throws IOException {
    List<JsonNode> cases = lines("tokens/tiny.jsonl");
    assertThat(cases).hasSizeGreaterThan(50);
    for (String model : List.of("tiny-sd1", "tiny-sd2")) {
      ClipTokenizer tokenizer = ClipTokenizer.load(resource(model).resolve("tokenizer"));
      assertThat(wrong(tokenizer, cases, model)).as(model).isEmpty();
      assertThat(tokenizer.padToken()).isEqualTo(model.equals("tiny-sd1") ? 999 : 0);
      assertThat(tokenizer.length()).isEqualTo(77);
    }
  }

  @Test
  void everyCodePointIsOfTheReferencesKind() throws IOException {
    JsonNode unicode = JsonMapper.shared().readTree(text("tokens/unicode.json.gz"));
    for (Unicode.Kind kind :
        List.of(Unicode.Kind.LETTER, Unicode.Kind.NUMBER, Unicode.Kind.SPACE)) {
      BitSet expected = new BitSet();
      for (JsonNode range : unicode.path(kind.name().toLowerCase(Locale.ROOT)).values()) {
        expected.set(range.path(0).asInt(), range.path(1).asInt() + 1);
      }
      BitSet found = new BitSet();
      codePoints().filter(c -> Unicode.kind(c) == kind).forEach(found::set);
      assertThat(found).as("%s", kind).isEqualTo(expected);
      assertThat(found.cardinality()).isGreaterThan(20);
    }
  }

  @Test
  void everyCodePointIsNormalisedAsInTheReference() throws IOException {
    JsonNode expected =
        JsonMapper.shared().readTree(text("tokens/unicode.json.gz")).path("normalised");
    assertThat(expected.size()).isGreaterThan(2000);
    List<String> wrong = new ArrayList<>();
    codePoints()
        .forEach(c -> {
          String name = "%04X".formatted(c);
          String text = Character.toString(c);
          if (!Words.normalize(text).equals(expected.path(name).asString(text))) {
            wrong.add(name);
          }
        });
    assertThat(wrong).isEmpty();
  }

  private static List<String> wrong(ClipTokenizer tokenizer, List<JsonNode> cases, String key) {
    List<String> wrong = new ArrayList<>();
    for (JsonNode line : cases) {
      int[] framed = ids(line.path(key));
      int[] expected = Arrays.copyOfRange(framed, 1, framed.length - 1);
      String text = line.path("text").asString();
      if (!Arrays.equals(tokenizer.tokens(text), expected)) {
        wrong.add(text);
      }
    }
    return wrong;
  }

  /// The tokenizer of the published Stable Diffusion 1 folders.
  private ClipTokenizer clip() throws IOException {
    List<String> tokens = new ArrayList<>(ByteUnits.inVocabularyOrder());
    ByteUnits.inVocabularyOrder().forEach(unit -> tokens.add(unit + "</w>"));
    List<Merge> merges = new ArrayList<>();
    for (String line : text("tokens/clip-merges.txt.gz").lines().skip(1).toList()) {
      String[] pair = line.split(" ", -1);
      merges.add(new Merge(pair[0], pair[1]));
      tokens.add(pair[0] + pair[1]);
    }
    new VocabularyWriter(tokens, merges, 77).writeTo(folder);
    for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
      Files.writeString(folder.resolve(name), text("tiny-sd1/tokenizer/" + name));
    }
    return ClipTokenizer.load(folder);
  }

  private static IntStream codePoints() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
  }

  private static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.values().spliterator(), false)
        .mapToInt(JsonNode::asInt)
        .toArray();
  }

  private static List<JsonNode> lines(String name) throws IOException {
    return text(name).lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  private static String text(String name) throws IOException {
    try (InputStream file = Files.newInputStream(resource(name));
        InputStream bytes = name.endsWith(".gz") ? new GZIPInputStream(file) : file) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Path resource(String name) {
    String path = "/reference/" + name;
    URL url = requireNonNull(ReferenceTokensTest.class.getResource(path), path);
    return Path.of(URI.create(url.toString()));
  }
}
