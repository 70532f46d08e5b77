package dev.latente.tokenizer;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A tokenizer folder's tokens and merges.
///
/// @param ids the number of each token
/// @param merges the pairs, best first
/// @param added tokens that the file itself says are found as a whole, as JSON objects
/// @param origin the file that holds the merges, for messages
record Vocabulary(
    Map<String, Integer> ids, List<Merge> merges, List<ObjectNode> added, String origin) {
  private static final int LARGEST_ID = 1 << 24;

  /// Reads `tokenizer.json`, or `vocab.json` and `merges.txt`, whichever `folder` has.
  static Vocabulary read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new ModelFormatException(
          "%s: expected a tokenizer folder, found %s"
              .formatted(folder, Files.exists(folder) ? "a file" : "nothing"));
    }
    Path single = folder.resolve("tokenizer.json");
    Path tokens = folder.resolve("vocab.json");
    Path merges = folder.resolve("merges.txt");
    if (Files.exists(single)) {
      return readSingle(single);
    }
    if (!Files.exists(tokens) || !Files.exists(merges)) {
      throw new ModelFormatException(
          "%s: expected tokenizer.json, or vocab.json and merges.txt, found %s"
              .formatted(folder, listing(folder)));
    }
    return new Vocabulary(
        ids(JsonFile.read(tokens), tokens.toString()),
        readMerges(merges),
        List.of(),
        merges.toString());
  }

  /// SHA-256 of the tokens in the order of their numbers and of the merges, a line each: the same
  /// for every way to write them to a file.
  String digest() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    ids.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(token -> digest.update(line(token.getKey())));
    merges.forEach(merge -> digest.update(line(merge.left() + " " + merge.right())));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Vocabulary readSingle(Path file) throws IOException {
    ObjectNode root = JsonFile.read(file);
    ObjectNode model = JsonFile.asObject(root.path("model"), file + ": model");
    String type = model.path("type").asString("BPE");
    String suffix = model.path("end_of_word_suffix").asString(BytePairs.END_OF_WORD);
    if (!type.equals("BPE") || !suffix.equals(BytePairs.END_OF_WORD)) {
      throw new ModelFormatException(
          "%s: expected CLIP's byte pairs (type BPE, words ending in %s), found type %s, '%s'"
              .formatted(file, BytePairs.END_OF_WORD, type, suffix));
    }
    List<Merge> merges = new ArrayList<>();
    for (JsonNode merge : model.path("merges").values()) {
      merges.add(merge(merge, file + ": merge " + (merges.size() + 1)));
    }
    List<ObjectNode> added = new ArrayList<>();
    for (JsonNode token : root.path("added_tokens").values()) {
      added.add(JsonFile.asObject(token, file + ": added_tokens"));
    }
    ObjectNode vocabulary = JsonFile.asObject(model.path("vocab"), file + ": model.vocab");
    return new Vocabulary(ids(vocabulary, file.toString()), merges, added, file.toString());
  }

  private static Merge merge(JsonNode node, String origin) {
    if (node.isArray() && node.size() == 2 && node.path(0).isString() && node.path(1).isString()) {
      return new Merge(node.path(0).asString(), node.path(1).asString());
    }
    return merge(node.isString() ? node.asString() : node.toString(), origin);
  }

  private static Merge merge(String line, String origin) {
    int space = line.indexOf(' ');
    if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
      throw new ModelFormatException(
          origin + ": expected two tokens with a space between, found '" + line + "'");
    }
    return new Merge(line.substring(0, space), line.substring(space + 1));
  }

  private static List<Merge> readMerges(Path file) throws IOException {
    List<Merge> merges = new ArrayList<>();
    int number = 0;
    for (String line : JsonFile.text(file).lines().toList()) {
      number++;
      if (!line.isEmpty() && !line.startsWith("#version")) {
        merges.add(merge(line, file + ": line " + number));
      }
    }
    return merges;
  }

  private static Map<String, Integer> ids(ObjectNode tokens, String origin) {
    Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(tokens.size());
    for (Map.Entry<String, JsonNode> token : tokens.properties()) {
      ids.put(token.getKey(), id(token.getValue(), origin + ": token '" + token.getKey() + "'"));
    }
    if (new HashSet<>(ids.values()).size() != ids.size()) {
      throw new ModelFormatException(
          origin + ": expected a number of its own for each token, found two with the same");
    }
    return ids;
  }

  /// The token number in `node`.
  static int id(JsonNode node, String origin) {
    if (node.isInt() && node.intValue() >= 0 && node.intValue() <= LARGEST_ID) {
      return node.intValue();
    }
    throw new ModelFormatException(
        "%s: expected a number from 0 to %d, found %s"
            .formatted(origin, LARGEST_ID, JsonFile.describe(node)));
  }

  private static String listing(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      return names.isEmpty() ? "an empty folder" : String.join(", ", names);
    }
  }
}
