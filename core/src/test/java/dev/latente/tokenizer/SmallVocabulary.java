package dev.latente.tokenizer;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes tokenizer folders whose vocabulary is the bytes and a few merges.
final class SmallVocabulary {
  private final List<String> merges;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  SmallVocabulary(String... merges) {
    this.merges = List.of(merges);
    List<String> tokens = new ArrayList<>(ByteUnits.inVocabularyOrder());
    ByteUnits.inVocabularyOrder().forEach(unit -> tokens.add(unit + "</w>"));
    this.merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
    tokens.addAll(List.of("<|startoftext|>", "<|endoftext|>"));
    tokens.forEach(token -> ids.put(token, ids.size()));
  }

  int id(String token) {
    return requireNonNull(ids.get(token), token);
  }

  /// Writes `vocab.json` and `merges.txt`.
  Path writeTo(Path folder) throws IOException {
    JsonMapper.shared().writeValue(folder.resolve("vocab.json"), ids);
    List<String> lines = new ArrayList<>(List.of("#version: 0.2"));
    lines.addAll(merges);
    Files.write(folder.resolve("merges.txt"), lines);
    return folder;
  }

  /// Writes `tokenizer.json` only.
  Path writeSingleTo(Path folder) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("end_of_word_suffix", "</w>");
    model.put("vocab", ids);
    model.put("merges", merges.stream().map(merge -> merge.split(" ", -1)).toList());
    Map<String, Object> added = new LinkedHashMap<>();
    added.put("id", id("<|endoftext|>"));
    added.put("content", "<|endoftext|>");
    added.put("normalized", false);
    added.put("special", true);
    JsonMapper.shared()
        .writeValue(
            folder.resolve("tokenizer.json"),
            Map.of("model", model, "added_tokens", List.of(added)));
    return folder;
  }
}
