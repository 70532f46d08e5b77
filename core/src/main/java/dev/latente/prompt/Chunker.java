package dev.latente.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fills chunks. For one prompt and one thread.
final class Chunker {
  private static final int NONE = -1;

  private final ChunkLayout layout;
  private final Map<Integer, List<LearnedWord>> words; // by their names' first tokens
  private final List<PromptChunk> chunks = new ArrayList<>();
  private final int[] tokens;
  private final float[] weights;
  private int filled;
  private int lastComma = NONE;

  Chunker(ChunkLayout layout, List<LearnedWord> words) {
    this.layout = layout;
    this.tokens = new int[layout.length()];
    this.weights = new float[layout.length()];
    this.words = new HashMap<>();
    for (LearnedWord word : words) {
      if (word.tokens().length > layout.length()) {
        throw new IllegalArgumentException(
            "a learned word must fit into a chunk of %d tokens: %d"
                .formatted(layout.length(), word.tokens().length));
      }
      this.words.computeIfAbsent(word.name()[0], _ -> new ArrayList<>()).add(word);
    }
    Comparator<LearnedWord> longest = Comparator.comparingInt(word -> -word.name().length);
    this.words.values().forEach(list -> list.sort(longest));
  }

  /// Adds words of one weight.
  void add(int[] text, float weight) {
    int position = 0;
    while (position < text.length) {
      makeRoom(text[position]);
      Optional<LearnedWord> word = wordAt(text, position);
      if (word.isPresent()) {
        int[] learned = word.get().tokens();
        if (filled + learned.length > layout.length()) {
          next();
        }
        for (int token : learned) {
          put(token, weight);
        }
        position += word.get().name().length;
      } else {
        put(text[position++], weight);
      }
    }
  }

  /// Ends the chunk, though it be empty.
  void next() {
    int[] laidOut = new int[layout.length() + 2];
    float[] weighted = new float[laidOut.length];
    Arrays.fill(laidOut, layout.pad());
    Arrays.fill(weighted, 1);
    laidOut[0] = layout.start();
    System.arraycopy(tokens, 0, laidOut, 1, filled);
    System.arraycopy(weights, 0, weighted, 1, filled);
    laidOut[filled + 1] = layout.end();
    chunks.add(new PromptChunk(laidOut, weighted));
    filled = 0;
    lastComma = NONE;
  }

  /// All chunks, at least one.
  List<PromptChunk> finish() {
    if (filled > 0 || chunks.isEmpty()) {
      next();
    }
    return List.copyOf(chunks);
  }

  private Optional<LearnedWord> wordAt(int[] text, int position) {
    return words.getOrDefault(text[position], List.of()).stream()
        .filter(word -> word.isAt(text, position))
        .findFirst();
  }

  private void put(int token, float weight) {
    tokens[filled] = token;
    weights[filled++] = weight;
  }

  /// Begins a new chunk if this one is full; what follows a near comma moves on to it.
  private void makeRoom(int token) {
    boolean full = filled == layout.length();
    if (token == layout.comma()) {
      lastComma = filled;
    } else if (full && lastComma != NONE && filled - lastComma <= layout.backtrack()) {
      int from = lastComma + 1;
      int[] movedTokens = Arrays.copyOfRange(tokens, from, filled);
      float[] movedWeights = Arrays.copyOfRange(weights, from, filled);
      filled = from;
      next();
      for (int i = 0; i < movedTokens.length; i++) {
        put(movedTokens[i], movedWeights[i]);
      }
      return;
    }
    if (full) {
      next();
    }
  }
}
