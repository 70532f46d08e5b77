package dev.latente.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/// Learns a vocabulary like CLIP's from captions: joins the commonest neighbours, again and again.
///
/// Sennrich et al. (2015), [algorithm 1](https://arxiv.org/abs/1508.07909). Equal captions give
/// equal vocabularies: of equally common pairs the one whose tokens are older is joined. One
/// training only.
public final class BpeTrainer {
  /// The bytes, the bytes that end a word, start and end.
  private static final int SMALLEST_SIZE = 256 + 256 + 2;

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Merge> merges = new ArrayList<>();

  private final List<int[]> words = new ArrayList<>();
  private final List<Long> wordCounts = new ArrayList<>();
  private final Map<Pair, Long> pairCounts = new HashMap<>();
  private final Map<Pair, Set<Integer>> wordsWith = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.COMMONEST_FIRST);

  private record Pair(int left, int right) {}

  /// A pair with the count it had when it was queued; it may have fallen since.
  private record Candidate(Pair pair, long count) {
    static final Comparator<Candidate> COMMONEST_FIRST =
        Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparingInt(candidate -> candidate.pair().left())
            .thenComparingInt(candidate -> candidate.pair().right());
  }

  private BpeTrainer(Iterable<String> captions) {
    ByteUnits.inVocabularyOrder().forEach(this::token);
    ByteUnits.inVocabularyOrder().forEach(unit -> token(unit + BytePairs.END_OF_WORD));
    Map<String, Long> counts = new TreeMap<>();
    for (String caption : captions) {
      for (String word : Words.split(Words.normalize(Unicode.wellFormed(caption)))) {
        counts.merge(word, 1L, Long::sum);
      }
    }
    counts.forEach(this::addWord);
    pairCounts.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
  }

  /// Learns from `captions` and writes `vocab.json`, `merges.txt`, `tokenizer_config.json` and
  /// `special_tokens_map.json` into `folder`, where [ClipTokenizer#load] and transformers read
  /// them.
  ///
  /// @param size most tokens; fewer if no pair comes twice any more
  /// @param length of a padded prompt with start and end: 77 for CLIP
  /// @return how many tokens there are
  public static int train(Iterable<String> captions, int size, int length, Path folder)
      throws IOException {
    if (size < SMALLEST_SIZE) {
      throw new IllegalArgumentException(
          "vocabulary size must be at least %d: %d".formatted(SMALLEST_SIZE, size));
    }
    if (length < 2) {
      throw new IllegalArgumentException("prompt length must be at least 2: " + length);
    }
    BpeTrainer trainer = new BpeTrainer(captions);
    trainer.joinUntil(size - 2);
    return new VocabularyWriter(trainer.tokens, trainer.merges, length).writeTo(folder);
  }

  private void joinUntil(int size) {
    while (tokens.size() < size && !queue.isEmpty()) {
      Candidate best = queue.remove();
      long count = pairCounts.getOrDefault(best.pair(), 0L);
      if (count < 2) {
        continue;
      }
      if (count < best.count()) {
        queue.add(new Candidate(best.pair(), count));
        continue;
      }
      join(best.pair());
    }
  }

  private void join(Pair pair) {
    Merge merge = new Merge(tokens.get(pair.left()), tokens.get(pair.right()));
    merges.add(merge);
    int joined = token(merge.left() + merge.right());
    Set<Pair> grown = new HashSet<>();
    for (int word : List.copyOf(wordsWith.getOrDefault(pair, Set.of()))) {
      count(word, -wordCounts.get(word));
      words.set(word, replace(words.get(word), pair, joined));
      grown.addAll(count(word, wordCounts.get(word)));
    }
    wordsWith.remove(pair);
    pairCounts.remove(pair);
    for (Pair other : grown) {
      if (other.left() == joined || other.right() == joined) {
        queue.add(new Candidate(other, pairCounts.getOrDefault(other, 0L)));
      }
    }
  }

  /// Adds `times` to the counts of a word's pairs, and tells which these are.
  private List<Pair> count(int word, long times) {
    int[] symbols = words.get(word);
    List<Pair> pairs = new ArrayList<>(symbols.length);
    for (int i = 0; i + 1 < symbols.length; i++) {
      Pair pair = new Pair(symbols[i], symbols[i + 1]);
      pairs.add(pair);
      pairCounts.merge(pair, times, Long::sum);
      if (times > 0) {
        wordsWith.computeIfAbsent(pair, _ -> new HashSet<>()).add(word);
      }
    }
    return pairs;
  }

  private void addWord(String word, long times) {
    String units = ByteUnits.encode(word);
    int[] symbols = new int[units.length()];
    for (int i = 0; i < symbols.length; i++) {
      String unit = units.substring(i, i + 1);
      symbols[i] = token(i == symbols.length - 1 ? unit + BytePairs.END_OF_WORD : unit);
    }
    words.add(symbols);
    wordCounts.add(times);
    count(words.size() - 1, times);
  }

  private int token(String content) {
    return ids.computeIfAbsent(
        content,
        _ -> {
          tokens.add(content);
          return tokens.size() - 1;
        });
  }

  /// `symbols` with each `pair`, from the left, replaced by `joined`.
  private static int[] replace(int[] symbols, Pair pair, int joined) {
    int[] result = new int[symbols.length];
    int n = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean found =
          i + 1 < symbols.length && symbols[i] == pair.left() && symbols[i + 1] == pair.right();
      result[n++] = found ? joined : symbols[i];
      i += found ? 1 : 0;
    }
    return Arrays.copyOf(result, n);
  }
}
