package dev.latente.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
  @TempDir Path folder;

  @Test
  void thePapersExampleIsLearnedInItsOrder() throws IOException {
    List<String> captions = new ArrayList<>();
    captions.addAll(Collections.nCopies(5, "low"));
    captions.addAll(Collections.nCopies(2, "lower"));
    captions.addAll(Collections.nCopies(6, "newest"));
    captions.addAll(Collections.nCopies(3, "widest"));
    BpeTrainer.train(captions, 514 + 4, 77, folder);
    // figure 1 of Sennrich et al. (2015), but that the last letter carries the word's end
    assertThat(Files.readAllLines(folder.resolve("merges.txt")))
        .containsExactly("#version: 0.2", "e s", "es t</w>", "l o", "e w");
  }

  @Test
  void itAgreesWithCountingAllPairsAnewForEachMerge() throws IOException {
    List<String> captions = captions(300);
    BpeTrainer.train(captions, 514 + 150, 77, folder);
    List<String> lines = Files.readAllLines(folder.resolve("merges.txt"));
    assertThat(lines.subList(1, lines.size()))
        .isEqualTo(slowly(captions, 150))
        .hasSizeGreaterThan(40);
  }

  @Test
  void theTokenizerReadsWhatWasLearned() throws IOException {
    List<String> captions = captions(2000);
    int size = BpeTrainer.train(captions, 700, 32, folder);
    ClipTokenizer tokenizer = ClipTokenizer.load(folder);
    assertThat(size).isLessThanOrEqualTo(700).isEqualTo(tokenizer.size());
    assertThat(tokenizer.length()).isEqualTo(32);
    assertThat(tokenizer.startToken()).isEqualTo(size - 2);
    assertThat(tokenizer.endToken()).isEqualTo(size - 1).isEqualTo(tokenizer.padToken());
    assertThat(tokenizer.tokens("barco")).hasSize(1);
    assertThat(tokenizer.decode(tokenizer.tokens("un niño, 東京 😀"))).isEqualTo("un niño , 東京 😀");
  }

  @Test
  void theVocabularyIsLaidOutAsClips() throws IOException {
    BpeTrainer.train(List.of("aa aa"), 600, 77, folder);
    String vocabulary = Files.readString(folder.resolve("vocab.json"));
    assertThat(vocabulary)
        .startsWith("{\"!\":0,\"\\\"\":1,\"#\":2,")
        .contains("\"a\":64,", "\"Ġ\":220,", "\"!</w>\":256,", "\"a</w>\":320,")
        .endsWith("\"aa</w>\":512,\"<|startoftext|>\":513,\"<|endoftext|>\":514}");
  }

  @Test
  void equalCaptionsGiveEqualFiles() throws IOException {
    Path first = folder.resolve("a");
    Path second = folder.resolve("b");
    BpeTrainer.train(captions(500), 800, 77, first);
    BpeTrainer.train(captions(500), 800, 77, second);
    for (String name :
        List.of("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json")) {
      assertThat(first.resolve(name)).hasSameBinaryContentAs(second.resolve(name));
    }
    assertThat(first).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void pairsSeenOnceAreNotLearned() throws IOException {
    assertThat(BpeTrainer.train(List.of("unique words only"), 600, 77, folder)).isEqualTo(514);
    assertThat(BpeTrainer.train(List.of(), 600, 77, folder)).isEqualTo(514);
    assertThat(ClipTokenizer.load(folder).tokens("é")).hasSize(2);
  }

  @Test
  void absurdSizesAreRefused() {
    assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 513, 77, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("vocabulary size must be at least 514: 513");
    assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 514, 1, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt length must be at least 2: 1");
  }

  private static List<String> captions(int count) {
    String[] words =
        "a the red blue boat on lake un barco rojo en el niño montaña árbol 😀 banana aaaa night"
            .split(" ", -1);
    Random random = new Random(7);
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder caption = new StringBuilder();
      for (int j = 0; j < 8; j++) {
        caption.append(words[random.nextInt(words.length)]).append(j == 4 ? ", " : " ");
      }
      captions.add(caption.toString());
    }
    return captions;
  }

  /// The algorithm as the paper writes it, on words of ASCII and other bytes as strings.
  private static List<String> slowly(List<String> captions, int merges) {
    Map<String, Integer> ids = new HashMap<>();
    List<String> units = ByteUnits.inVocabularyOrder();
    units.forEach(unit -> ids.put(unit, ids.size()));
    units.forEach(unit -> ids.put(unit + "</w>", ids.size()));
    List<List<String>> words = new ArrayList<>();
    for (String word : Words.split(Words.normalize(String.join(" ", captions)))) {
      List<String> symbols = new ArrayList<>(List.of(ByteUnits.encode(word).split("")));
      symbols.set(symbols.size() - 1, symbols.getLast() + "</w>");
      words.add(symbols);
    }
    List<String> learned = new ArrayList<>();
    while (learned.size() < merges) {
      Map<List<String>, Integer> counts = new HashMap<>();
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(List.copyOf(word.subList(i, i + 2)), 1, Integer::sum);
        }
      }
      int most = counts.values().stream().mapToInt(n -> n).max().orElse(0);
      if (most < 2) {
        break;
      }
      List<String> best =
          counts.keySet().stream()
              .filter(pair -> counts.getOrDefault(pair, 0) == most)
              .min((p, q) ->
                  p.getFirst().equals(q.getFirst())
                      ? Integer.compare(id(ids, p.getLast()), id(ids, q.getLast()))
                      : Integer.compare(id(ids, p.getFirst()), id(ids, q.getFirst())))
              .orElseThrow();
      learned.add(String.join(" ", best));
      ids.putIfAbsent(String.join("", best), ids.size());
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.subList(i, i + 2).equals(best)) {
            word.set(i, String.join("", best));
            word.remove(i + 1);
          }
        }
      }
    }
    return learned;
  }

  private static int id(Map<String, Integer> ids, String token) {
    return ids.getOrDefault(token, -1);
  }
}
