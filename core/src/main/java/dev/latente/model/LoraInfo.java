package dev.latente.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What a LoRA's file is, without a model.
///
/// @param kinds the formulas it uses
/// @param decomposed whether it sets lengths, too (DoRA)
/// @param ranks of its layers' factors; none if it has no factors
/// @param family the model it was made for, if that can be told
/// @param unetLayers how many of the U-Net's layers it changes
/// @param textLayers how many of the text encoders'
/// @param otherTensors how many of its tensors are not understood
/// @param title what its header calls it, if it does
/// @param baseModel the model it was trained on, as its header says
/// @param triggers the words that call it up, as its header says
/// @param tags the captions' words in training, most frequent first
public record LoraInfo(
    Set<LoraKind> kinds,
    boolean decomposed,
    SortedSet<Integer> ranks,
    Optional<String> family,
    int unetLayers,
    int textLayers,
    int otherTensors,
    Optional<String> title,
    Optional<String> baseModel,
    Optional<String> triggers,
    List<Tag> tags) {
  private static final int MOST_TAGS = 20;
  private static final int SHOWN_TAGS = 5;

  /// A caption's word, and how many pictures had it.
  public record Tag(String text, long count) {}

  static LoraInfo of(LoraFile file) {
    Set<LoraKind> kinds = EnumSet.noneOf(LoraKind.class);
    SortedSet<Integer> ranks = new TreeSet<>();
    for (LoraLayer layer : file.layers()) {
      kinds.add(layer.kind().orElse(LoraKind.FULL));
      layer.rank().ifPresent(ranks::add);
    }
    int unet = (int) file.layers().stream().filter(layer -> layer.part() == LoraPart.UNET).count();
    Map<String, String> said = file.metadata();
    return new LoraInfo(
        kinds,
        file.layers().stream().anyMatch(LoraLayer::isDecomposed),
        ranks,
        LoraFamily.of(file).label(),
        unet,
        file.layers().size() - unet,
        file.unknown().size(),
        first(said, "modelspec.title", "ss_output_name"),
        first(said, "ss_sd_model_name", "ss_base_model_version"),
        first(said, "modelspec.trigger_phrase", "trigger_word"),
        tags(said.getOrDefault("ss_tag_frequency", "")));
  }

  private static Optional<String> first(Map<String, String> metadata, String... names) {
    for (String name : names) {
      String value = metadata.getOrDefault(name, "").strip();
      if (!value.isEmpty() && !value.equals("None")) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /// kohya's scripts count the words of each folder of pictures.
  private static List<Tag> tags(String json) {
    Map<String, Long> counts = new LinkedHashMap<>();
    if (!json.isBlank()) {
      JsonNode folders;
      try {
        folders = Json.parse("", ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException e) {
        return List.of(); // a remark is no reason to refuse a file
      }
      folders.forEach(folder ->
          folder.forEachEntry(
              (tag, count) -> counts.merge(tag.strip(), count.longValue(0), Long::sum)));
    }
    return counts.entrySet().stream()
        .map(entry -> new Tag(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingLong(Tag::count).reversed())
        .limit(MOST_TAGS)
        .toList();
  }

  /// What it is, what it changes, and the words that call it up, in one line.
  String described() {
    StringBuilder line = new StringBuilder(toString());
    line.append("; %d layers of the U-Net, %d of text encoders".formatted(unetLayers, textLayers));
    String words =
        triggers.orElseGet(
            () -> tags.stream().limit(SHOWN_TAGS).map(Tag::text).collect(Collectors.joining(", ")));
    if (!words.isEmpty()) {
      line.append("; words: ").append(words);
    }
    return line.toString();
  }

  /// What it is in one line: `LoRA, rank 4 to 16, Stable Diffusion 1`.
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    line.append(String.join(" and ", kinds.stream().map(LoraKind::label).toList()));
    line.append(decomposed ? " with DoRA" : "");
    if (!ranks.isEmpty()) {
      line.append(", rank ").append(ranks.first());
      line.append(ranks.size() > 1 ? " to " + ranks.last() : "");
    }
    family.ifPresent(label -> line.append(", for ").append(label));
    return line.toString();
  }
}
