package dev.latente.prompt;

/// A piece of a prompt.
public sealed interface Fragment {
  /// Words of one weight.
  ///
  /// @param text without the brackets that gave it the weight; blanks count
  /// @param weight 1 is none, more is stronger; finite
  record Words(String text, double weight) implements Fragment {
    /// Checks the weight.
    public Words {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("weight must be finite: " + weight);
      }
    }
  }

  /// The word `BREAK`: what follows begins a new chunk.
  record Break() implements Fragment {}
}
