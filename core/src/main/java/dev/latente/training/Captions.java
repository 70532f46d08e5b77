package dev.latente.training;

import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.ClipTokenizer;
import java.util.List;
import java.util.SplittableRandom;

/// The token ids of captions.
///
/// @param tokenizer of the model
record Captions(ClipTokenizer tokenizer) {
  /// The ids of `texts`, padded, `[texts, 77]`.
  Tensor ids(List<String> texts) {
    int length = tokenizer.length();
    long[] ids = new long[texts.size() * length];
    int offset = 0;
    for (String text : texts) {
      for (int id : tokenizer.encode(text).ids()) {
        ids[offset++] = id;
      }
    }
    return Tensor.of(ids, texts.size(), length);
  }

  /// A wording of `entry`, or none with probability `dropout`, so that the model also learns
  /// pictures without a prompt, which guidance needs: Ho & Salimans (2022), algorithm 1.
  static String wording(ImageFolder.Entry entry, double dropout, SplittableRandom random) {
    if (random.nextDouble() < dropout) {
      return "";
    }
    return entry.captions().get(random.nextInt(entry.captions().size()));
  }
}
