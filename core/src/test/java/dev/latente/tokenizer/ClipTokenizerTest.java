package dev.latente.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTokenizerTest {
  private static final SmallVocabulary SMALL =
      new SmallVocabulary("c a", "a t</w>", "l a", "la k", "lak e</w>");

  @TempDir Path folder;

  @Test
  void theEarliestMergeIsTakenFirst() throws IOException {
    assertThat(tokens("cat lake")).containsExactly(SMALL.id("ca"), SMALL.id("t</w>"), id("lake"));
    assertThat(tokens("at")).containsExactly(id("at"));
  }

  @Test
  void whatNoMergeJoinsStaysBytes() throws IOException {
    assertThat(tokens("é")).containsExactly(SMALL.id("Ã"), SMALL.id("©</w>"));
    assertThat(tokens("東")).hasSize(3);
    assertThat(tokens("\u0000")).containsExactly(id("Ā"));
  }

  @Test
  void caseCompositionAndWhiteSpaceDoNotMatter() throws IOException {
    assertThat(tokens("  LAKE\u2003\n\tÉ")).isEqualTo(tokens("lake e\u0301"));
    assertThat(tokens("ΟΔΟΣ")).isEqualTo(tokens("οδοσ"));
  }

  @Test
  void contractionsDigitsAndSignsAreWords() throws IOException {
    assertThat(Words.split("don't we'll 12 a!? '"))
        .containsExactly("don", "'t", "we", "'ll", "1", "2", "a", "!?", "'");
  }

  @Test
  void halfASurrogatePairCountsAsTheReplacementCharacter() throws IOException {
    assertThat(tokens("a\uD83Db")).isEqualTo(tokens("a\uFFFDb"));
    assertThat(tokens("\uDE00")).isEqualTo(tokens("\uFFFD"));
  }

  @Test
  void aPromptIsFramedPaddedAndCut() throws IOException {
    ClipTokenizer tokenizer = load();
    Encoding two = tokenizer.encode("lake lake");
    assertThat(two.ids()).hasSize(77).startsWith(start(), id("lake"), id("lake"), end());
    assertThat(Arrays.stream(two.ids()).skip(3)).hasSize(74).containsOnly(end());
    assertThat(two.tokens()).isEqualTo(2);
    assertThat(two.truncated()).isFalse();

    Encoding long10000 = tokenizer.encode("lake ".repeat(10_000));
    assertThat(long10000.ids()).hasSize(77).startsWith(start()).endsWith(id("lake"), end());
    assertThat(long10000.tokens()).isEqualTo(10_000);
    assertThat(long10000.cut()).isEqualTo(9_925);

    assertThat(tokenizer.encode("").ids()).startsWith(start(), end(), end());
  }

  @Test
  void aWordOfAMillionLettersEndsSoon() throws IOException {
    assertThat(tokens("ca".repeat(500_000))).hasSize(500_001);
  }

  @Test
  void aLetterWithAMillionMarksEndsSoon() throws IOException {
    assertThat(tokens("a" + "\u0301\u0323".repeat(500_000))).hasSizeGreaterThan(1_000_000);
  }

  @Test
  void specialTokensAreFoundInTheText() throws IOException {
    assertThat(tokens("lake<|endoftext|>lake")).containsExactly(id("lake"), end(), id("lake"));
    assertThat(tokens("<|ENDOFTEXT|>")).hasSizeGreaterThan(1);
    assertThat(tokens("<|ENDOFTEXT|>!!")).endsWith(id("!") - 256, id("!"));
  }

  @Test
  void theMapsPaddingTokenWins() throws IOException {
    write("tokenizer_config.json", "{\"pad_token\": \"<|endoftext|>\", \"model_max_length\": 8}");
    write("special_tokens_map.json", "{\"pad_token\": \"!\"}");
    ClipTokenizer tokenizer = load();
    assertThat(tokenizer.encode("lake!").ids())
        .containsExactly(start(), id("lake"), 0, end(), 0, 0, 0, 0);
    assertThat(tokenizer.padToken()).isZero();
  }

  @Test
  void aTokenThatIsLookedForInNormalisedTextIsFoundInAnyCase() throws IOException {
    write(
        "special_tokens_map.json",
        "{\"bos_token\": {\"content\": \"<|startoftext|>\", \"normalized\": true}}");
    assertThat(tokens("<|StartOfText|>")).containsExactly(start());
  }

  @Test
  void addedTokensAreFoundWhole() throws IOException {
    write("added_tokens.json", "{\"<toy>\": 600}");
    ClipTokenizer tokenizer = load();
    assertThat(tokenizer.tokens("lake <TOY>lake")).containsExactly(id("lake"), 600, id("lake"));
    assertThat(tokenizer.decode(600)).isEqualTo("<toy>");
  }

  @Test
  void oneFileGivesTheSameAsTwo() throws IOException {
    int[] two = tokens("a cat's lake<|endoftext|> é");
    Files.delete(folder.resolve("vocab.json"));
    Files.delete(folder.resolve("merges.txt"));
    ClipTokenizer one = ClipTokenizer.load(SMALL.writeSingleTo(folder));
    assertThat(one.tokens("a cat's lake<|endoftext|> é")).containsExactly(two);
  }

  @Test
  void decodingGivesTheTextBack() throws IOException {
    ClipTokenizer tokenizer = load();
    int[] ids = tokenizer.encode("A Cat in the Lake, 東京 😀").ids();
    assertThat(tokenizer.decode(ids)).isEqualTo("a cat in the lake , 東京 😀");
    assertThatThrownBy(() -> tokenizer.decode(9999))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token must be one of the vocabulary's 519: 9999");
  }

  @Test
  void manyThreadsMayUseIt() throws IOException {
    ClipTokenizer tokenizer = load();
    assertThat(
            IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> tokenizer.decode(tokenizer.tokens("lake cat " + i % 100)))
                .distinct())
        .hasSize(100);
  }

  @Test
  void aFolderWithoutVocabularySaysWhatItHas() throws IOException {
    write("config.json", "{}");
    assertFault("expected tokenizer.json, or vocab.json and merges.txt, found config.json");
    assertThatThrownBy(() -> ClipTokenizer.load(folder.resolve("none")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("none: expected a tokenizer folder, found nothing");
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    SMALL.writeTo(folder);
    write("merges.txt", "#version: 0.2\nc a\nc a t\n");
    assertFault("merges.txt: line 3: expected two tokens with a space between, found 'c a t'");
    write("merges.txt", "#version: 0.2\nq q\n");
    assertFault("merge 1, 'q q', needs the token 'qq', which the vocabulary of 519 tokens lacks");
    write("vocab.json", "{\"a\": 0, ");
    assertFault("vocab.json: expected JSON, found an error");
    write("vocab.json", "[1, 2]");
    assertFault("vocab.json: expected a JSON object, found [1,2]");
    write("vocab.json", "{\"a\": -1}");
    assertFault("token 'a': expected a number from 0 to 16777216, found -1");
    write("vocab.json", "{\"a\": 1, \"b\": 1}");
    assertFault("expected a number of its own for each token, found two with the same");
    write("vocab.json", "{\"a\": 1}");
    write("merges.txt", "");
    assertFault("expected the special token '<|startoftext|>' in the vocabulary of 1 tokens");
    Files.write(folder.resolve("vocab.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertFault("vocab.json: expected UTF-8 text, found other bytes");
  }

  @Test
  void anotherKindOfTokenizerIsRefused() throws IOException {
    write("tokenizer.json", "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}");
    assertFault("expected CLIP's byte pairs (type BPE, words ending in </w>), found type Unigram");
    write("tokenizer.json", "{\"added_tokens\": []}");
    assertFault("tokenizer.json: model: expected a JSON object, found nothing");
  }

  @Test
  void anAbsurdLengthIsRefusedAndAnEndlessOneIsClips() throws IOException {
    write("tokenizer_config.json", "{\"model_max_length\": 1}");
    SMALL.writeTo(folder);
    assertFault("model_max_length must be a whole number from 2: 1");
    write("tokenizer_config.json", "{\"model_max_length\": 1000000000000000019884624838656}");
    assertThat(load().length()).isEqualTo(77);
  }

  private void assertFault(String message) {
    assertThatThrownBy(() -> ClipTokenizer.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(message);
  }

  private int[] tokens(String text) throws IOException {
    return load().tokens(text);
  }

  private ClipTokenizer load() throws IOException {
    return ClipTokenizer.load(SMALL.writeTo(folder));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static int id(String word) {
    return SMALL.id(word + "</w>");
  }

  private static int start() {
    return SMALL.id("<|startoftext|>");
  }

  private static int end() {
    return SMALL.id("<|endoftext|>");
  }
}
