package dev.latente.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.tokenizer.ClipTokenizer.Padding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipVocabularyTest {
  @TempDir Path folder;

  /// Writes CLIP's vocabulary, made of the published merges.
  private static Path write(Path folder) throws IOException {
    Path merges = Path.of("src/test/resources/reference/tokens/clip-merges.txt.gz");
    List<String> tokens = new ArrayList<>(ByteUnits.inVocabularyOrder());
    ByteUnits.inVocabularyOrder().forEach(unit -> tokens.add(unit + "</w>"));
    List<Merge> pairs = new ArrayList<>();
    try (InputStream text = new GZIPInputStream(Files.newInputStream(merges))) {
      String lines = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : lines.lines().skip(1).toList()) {
        String[] pair = line.split(" ", -1);
        pairs.add(new Merge(pair[0], pair[1]));
        tokens.add(pair[0] + pair[1]);
      }
    }
    new VocabularyWriter(tokens, pairs, 77).writeTo(folder);
    return folder;
  }

  @Test
  void itIsFoundDeepInAFolderOfModelsAndKnownByItsContent() throws IOException {
    SmallVocabulary other = new SmallVocabulary("a b", "c d</w>");
    other.writeTo(Files.createDirectories(folder.resolve("another/tokenizer")));
    Files.createDirectories(folder.resolve("broken"));
    Files.writeString(folder.resolve("broken/tokenizer.json"), "{");
    assertThat(ClipVocabulary.findUnder(folder)).isEmpty();
    assertThat(ClipVocabulary.findUnder(folder.resolve("none"))).isEmpty();

    Path hub = folder.resolve("hub/models--org--name/snapshots/0123/tokenizer");
    write(hub);
    assertThat(ClipVocabulary.isIn(hub)).isTrue();
    assertThat(ClipVocabulary.findUnder(folder.resolve("hub"))).contains(hub);
    assertThat(ClipVocabulary.findUnder(hub)).contains(hub);
  }

  @Test
  void itsContentCountsToTheLastMerge() throws IOException {
    write(folder);
    Path merges = folder.resolve("merges.txt");
    String text = Files.readString(merges);
    assertThat(ClipVocabulary.isIn(folder)).isTrue();
    Files.writeString(merges, text.replaceFirst("\n[^\n]*\n$", "\n"));
    assertThat(ClipVocabulary.isIn(folder)).isFalse();
    Files.writeString(merges, text.replace("\n", "\r\n"));
    assertThat(ClipVocabulary.isIn(folder)).isTrue();
  }

  @Test
  void theVocabularyAloneMakesBothTokenizers() throws IOException {
    write(folder);
    ClipTokenizer first = ClipTokenizer.ofVocabulary(folder, Padding.END);
    ClipTokenizer second = ClipTokenizer.ofVocabulary(folder, Padding.ZERO);
    assertThat(first.size()).isEqualTo(ClipVocabulary.SIZE);
    assertThat(first.length()).isEqualTo(77);
    assertThat(first.padToken()).isEqualTo(49407);
    assertThat(second.padToken()).isZero();
    assertThat(first.encode("a cat").ids()).startsWith(49406, 320, 2368, 49407, 49407);
    assertThat(second.encode("a cat").ids()).startsWith(49406, 320, 2368, 49407, 0);
    assertThat(second.tokens("cat!")).containsExactly(2368, 0); // as transformers
    assertThat(second.words("cat!")).containsExactly(2368, 256); // as A1111
    assertThat(first.words("cat!<|endoftext|>")).containsExactly(2368, 256, 49407);
  }
}
