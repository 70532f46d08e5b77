package dev.latente.pipeline;

import dev.latente.prompt.PromptSchedule;
import java.util.HashMap;
import java.util.Map;

/// A part of a prompt, encoded: each of the texts that its schedule shows.
///
/// @param weight of the part against the others'
/// @param texts by what stands in the schedule's stages; all of one length
/// @param cut how many tokens at the end did not fit
record EncodedPart(
    double weight, PromptSchedule schedule, Map<String, EncodedText> texts, int cut) {
  EncodedPart {
    texts = Map.copyOf(texts);
  }

  /// What it shows at `step`, counted from 0.
  EncodedText at(int step) {
    EncodedText text = texts.get(schedule.at(step).text());
    if (text == null) {
      throw new IllegalStateException("every stage was encoded");
    }
    return text;
  }

  /// The same with all zeros.
  EncodedPart zeros() {
    Map<String, EncodedText> zeros = new HashMap<>();
    texts.forEach((text, encoded) -> zeros.put(text, encoded.zeros()));
    return new EncodedPart(weight, schedule, zeros, 0);
  }
}
