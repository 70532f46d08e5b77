package dev.latente.tokenizer;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json` as transformers
/// 5 does.
///
/// The named tokens are those of the map, else of the configuration, else CLIP's. Stable Diffusion
/// 2 names another padding token in each; the map's, `!`, is the one it was trained with.
final class SpecialTokensReader {
  /// A limit from here on means "none" in transformers.
  private static final double NO_LIMIT = 1 << 20;

  private final Path folder;
  private final Vocabulary vocabulary;

  /// By content; a token that comes again replaces the first.
  private final Map<String, AddedToken> all = new LinkedHashMap<>();

  SpecialTokensReader(Path folder, Vocabulary vocabulary) {
    this.folder = folder;
    this.vocabulary = vocabulary;
  }

  SpecialTokens read() throws IOException {
    ObjectNode config = JsonFile.readIfExists(folder.resolve("tokenizer_config.json"));
    ObjectNode names = config.deepCopy();
    if (!config.has("added_tokens_decoder")) {
      names.setAll(JsonFile.readIfExists(folder.resolve("special_tokens_map.json")));
    }
    addDeclared(config);
    Map<String, AddedToken> declared = Map.copyOf(all);
    // the order decides which one says how a content is found that two names have
    AddedToken start = named(names, "bos_token", SpecialTokens.CLIP_START, declared);
    AddedToken end = named(names, "eos_token", SpecialTokens.CLIP_END, declared);
    AddedToken unknown = named(names, "unk_token", SpecialTokens.CLIP_END, declared);
    addIfNamed(names.path("sep_token"), declared);
    AddedToken pad = named(names, "pad_token", SpecialTokens.CLIP_END, declared);
    addIfNamed(names.path("cls_token"), declared);
    addIfNamed(names.path("mask_token"), declared);
    for (String list : List.of("extra_special_tokens", "additional_special_tokens")) {
      names.path(list).values().forEach(token -> addIfNamed(token, declared));
    }
    return new SpecialTokens(start, end, pad, unknown, List.copyOf(all.values()), length(config));
  }

  /// Tokens that a file numbers itself, such as those learned by textual inversion.
  private void addDeclared(ObjectNode config) throws IOException {
    for (ObjectNode token : vocabulary.added()) {
      add(token, Vocabulary.id(token.path("id"), folder + ": added token"));
    }
    for (Map.Entry<String, JsonNode> token : config.path("added_tokens_decoder").properties()) {
      String origin = folder + ": added_tokens_decoder " + token.getKey();
      if (!token.getKey().matches("\\d{1,8}")) {
        throw new ModelFormatException(origin + ": expected a number");
      }
      add(JsonFile.asObject(token.getValue(), origin), Integer.parseInt(token.getKey()));
    }
    ObjectNode numbers = JsonFile.readIfExists(folder.resolve("added_tokens.json"));
    for (Map.Entry<String, JsonNode> token : numbers.properties()) {
      int id = Vocabulary.id(token.getValue(), folder + ": added token '" + token.getKey() + "'");
      all.putIfAbsent(token.getKey(), new AddedToken(token.getKey(), id, true, false));
    }
  }

  private void add(ObjectNode token, int id) {
    String content = content(token);
    int number = vocabulary.ids().getOrDefault(content, id);
    boolean normalized = token.path("normalized").asBoolean(false);
    boolean special = token.path("special").asBoolean(false);
    all.put(content, new AddedToken(content, number, normalized, special));
  }

  private AddedToken named(
      ObjectNode names, String name, String otherwise, Map<String, AddedToken> declared) {
    JsonNode token = names.path(name);
    return token.isMissingNode() || token.isNull()
        ? special(otherwise, false, declared)
        : special(content(token), token.path("normalized").asBoolean(false), declared);
  }

  private void addIfNamed(JsonNode token, Map<String, AddedToken> declared) {
    if (!token.isMissingNode() && !token.isNull()) {
      special(content(token), token.path("normalized").asBoolean(false), declared);
    }
  }

  private AddedToken special(String content, boolean normalized, Map<String, AddedToken> declared) {
    AddedToken known = declared.get(content);
    Integer id = known == null ? vocabulary.ids().get(content) : Integer.valueOf(known.id());
    if (id == null) {
      throw new ModelFormatException(
          "%s: expected the special token '%s' in the vocabulary of %d tokens, found none"
              .formatted(folder, content, vocabulary.ids().size()));
    }
    boolean inNormalized = known == null ? normalized : known.normalized();
    AddedToken token = new AddedToken(content, id, inNormalized, true);
    all.put(content, token);
    return token;
  }

  private String content(JsonNode token) {
    JsonNode content = token.isObject() ? token.path("content") : token;
    if (content.isString() && !content.asString().isEmpty()) {
      return content.asString();
    }
    throw new ModelFormatException(
        "%s: expected a special token's text, found %s"
            .formatted(folder, JsonFile.describe(token)));
  }

  private int length(ObjectNode config) {
    JsonNode length = config.path("model_max_length");
    if (length.isMissingNode() || (length.isNumber() && length.doubleValue() >= NO_LIMIT)) {
      return SpecialTokens.CLIP_LENGTH;
    }
    if (length.isInt() && length.intValue() >= 2) {
      return length.intValue();
    }
    throw new ModelFormatException(
        "%s: model_max_length must be a whole number from 2: %s"
            .formatted(folder, JsonFile.describe(length)));
  }
}
