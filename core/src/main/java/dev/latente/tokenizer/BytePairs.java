package dev.latente.tokenizer;

import dev.latente.nn.ModelFormatException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;

/// The byte-pair encoder: joins the best-ranked neighbours of a word until none is left.
///
/// Sennrich et al. (2015), [Neural Machine Translation of Rare Words with Subword
/// Units](https://arxiv.org/abs/1508.07909).
final class BytePairs {
  /// Marks the last unit of a word.
  static final String END_OF_WORD = "</w>";

  private static final int CACHED_WORDS = 20_000;
  private static final int CACHED_LENGTH = 64;

  private final Map<String, Integer> vocabulary;
  private final Map<Long, Join> joins;
  private final int unknown;
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  /// What a pair becomes, and how early it was learned.
  private record Join(int rank, int token) {}

  /// A pair seen at a place of a word.
  private record Candidate(int rank, int place, int token) {
    static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingInt(Candidate::rank).thenComparingInt(Candidate::place);
  }

  private BytePairs(Map<String, Integer> vocabulary, Map<Long, Join> joins, int unknown) {
    this.vocabulary = vocabulary;
    this.joins = joins;
    this.unknown = unknown;
  }

  /// An encoder of these tokens and pairs, best first.
  ///
  /// @param vocabulary the number of each token; kept, not copied
  /// @param unknown stands for a unit that the vocabulary lacks
  /// @param origin the file that the merges came from, for messages
  /// @throws ModelFormatException if a pair or what it makes is not in the vocabulary
  static BytePairs of(
      Map<String, Integer> vocabulary, List<Merge> merges, int unknown, String origin) {
    Map<Long, Join> joins = HashMap.newHashMap(merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      Merge merge = merges.get(rank);
      int left = require(vocabulary, merge.left(), merge, rank, origin);
      int right = require(vocabulary, merge.right(), merge, rank, origin);
      int token = require(vocabulary, merge.left() + merge.right(), merge, rank, origin);
      joins.put(pair(left, right), new Join(rank, token));
    }
    return new BytePairs(vocabulary, joins, unknown);
  }

  private static int require(
      Map<String, Integer> vocabulary, String token, Merge merge, int rank, String origin) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new ModelFormatException(
          "%s: merge %d, '%s %s', needs the token '%s', which the vocabulary of %d tokens lacks"
              .formatted(origin, rank + 1, merge.left(), merge.right(), token, vocabulary.size()));
    }
    return id;
  }

  /// The tokens of one word as `Words` cuts them.
  int[] encode(String word) {
    int[] known = cache.get(word);
    if (known != null) {
      return known;
    }
    int[] tokens = join(units(word));
    if (word.length() <= CACHED_LENGTH && cache.size() < CACHED_WORDS) {
      cache.put(word, tokens);
    }
    return tokens;
  }

  private int[] units(String word) {
    String units = ByteUnits.encode(word);
    int[] tokens = new int[units.length()];
    for (int i = 0; i < tokens.length; i++) {
      String unit = String.valueOf(units.charAt(i));
      tokens[i] =
          vocabulary.getOrDefault(i == tokens.length - 1 ? unit + END_OF_WORD : unit, unknown);
    }
    return tokens;
  }

  /// Joins pairs, the lowest rank first and of equal ranks the leftmost; changes `tokens`.
  private int[] join(int[] tokens) {
    int n = tokens.length;
    int[] next = new int[n]; // n: none; the token at a place that was joined away is -1
    int[] previous = new int[n];
    PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.BEST_FIRST);
    for (int i = 0; i < n; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      offer(queue, tokens, i, i + 1);
    }
    while (!queue.isEmpty()) {
      Candidate best = queue.remove();
      int place = best.place();
      int right = tokens[place] < 0 ? n : next[place];
      if (right == n || !makes(tokens[place], tokens[right], best.token())) {
        continue; // one of the two was joined elsewhere meanwhile
      }
      tokens[place] = best.token();
      tokens[right] = -1;
      next[place] = next[right];
      if (next[place] < n) {
        previous[next[place]] = place;
      }
      offer(queue, tokens, previous[place], place);
      offer(queue, tokens, place, next[place]);
    }
    return Arrays.stream(tokens).filter(token -> token >= 0).toArray();
  }

  private void offer(PriorityQueue<Candidate> queue, int[] tokens, int left, int right) {
    if (left >= 0 && right < tokens.length) {
      Join join = joins.get(pair(tokens[left], tokens[right]));
      if (join != null) {
        queue.add(new Candidate(join.rank(), left, join.token()));
      }
    }
  }

  private boolean makes(int left, int right, int token) {
    Join join = joins.get(pair(left, right));
    return join != null && join.token() == token;
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
