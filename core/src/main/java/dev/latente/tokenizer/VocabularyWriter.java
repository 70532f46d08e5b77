package dev.latente.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes a vocabulary as transformers reads it.
///
/// @param tokens all but start and end, which come last
/// @param merges best first
/// @param length of a padded prompt
record VocabularyWriter(List<String> tokens, List<Merge> merges, int length) {
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";

  /// Writes the four files into `folder`, which is made if need be, and tells how many tokens there
  /// are.
  int writeTo(Path folder) throws IOException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    tokens.forEach(token -> ids.put(token, ids.size()));
    ids.put(START, ids.size());
    ids.put(END, ids.size());
    StringBuilder lines = new StringBuilder("#version: 0.2\n");
    merges.forEach(m -> lines.append(m.left()).append(' ').append(m.right()).append('\n'));
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("bos_token", START);
    names.put("eos_token", END);
    names.put("pad_token", END);
    names.put("unk_token", END);
    Map<String, Object> config = new LinkedHashMap<>(names);
    config.put("model_max_length", length);
    config.put("tokenizer_class", "CLIPTokenizer");

    Files.createDirectories(folder);
    write(folder.resolve("vocab.json"), JsonMapper.shared().writeValueAsString(ids));
    write(folder.resolve("merges.txt"), lines.toString());
    write(folder.resolve("special_tokens_map.json"), pretty(names));
    write(folder.resolve("tokenizer_config.json"), pretty(config));
    return ids.size();
  }

  private static String pretty(Map<String, Object> entries) {
    String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(entries);
    return text.replace("\r\n", "\n") + "\n";
  }

  private static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
    Files.writeString(temporary, text);
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
