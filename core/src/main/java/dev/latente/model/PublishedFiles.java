package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Picks the files that a model needs out of all that its makers published: the same weights are
/// often there in five formats.
///
/// @param variant which variant of the weights is wanted, such as `fp16`; where a component has
///   none its usual weights are taken
public record PublishedFiles(Optional<String> variant) {
  private static final List<String> STEMS =
      List.of(DiffusersFolder.WEIGHTS, DiffusersFolder.TEXT_WEIGHTS, "pytorch_model");
  private static final List<String> FORMATS = List.of("safetensors", "bin");
  private static final Pattern SINGLE = Pattern.compile("[^/]+\\.(safetensors|gguf|ckpt)");
  private static final Pattern SMALL = Pattern.compile("[^/]+\\.(json|txt)");
  private static final Pattern ABOUT = Pattern.compile("(README|LICENSE)[^/]*");

  public PublishedFiles {
    variant.ifPresent(name -> {
      if (!name.matches("\\w+")) {
        throw new IllegalArgumentException("a variant must be a word: '%s'".formatted(name));
      }
    });
  }

  /// The names of the files to fetch.
  ///
  /// @param origin begins the messages
  /// @param names of all files, with slashes
  /// @throws ModelFormatException if there is nothing that can be read, or more than one thing
  public List<String> of(String origin, List<String> names) {
    Set<String> all = new TreeSet<>(names);
    Set<String> chosen = new LinkedHashSet<>();
    all.stream().filter(name -> ABOUT.matcher(name).matches()).forEach(chosen::add);
    if (all.contains(DiffusersFolder.INDEX)) {
      chosen.add(DiffusersFolder.INDEX);
      folders(all).forEach(folder -> component(folder, all, chosen));
    } else if (all.contains("config.json")) {
      component("", all, chosen);
    } else {
      chosen.add(onlyFile(origin, all));
    }
    if (chosen.stream().noneMatch(PublishedFiles::isWeights)) {
      throw new ModelFormatException(
          "%s: expected a model in diffusers' layout or a single file, found %s"
              .formatted(origin, shown(all)));
    }
    String suffix = variant.map(name -> "." + name).orElse("");
    if (variant.isPresent() && chosen.stream().noneMatch(name -> name.contains(suffix))) {
      throw new ModelFormatException(
          "%s: expected weights of the variant '%s', found none".formatted(origin, variant.get()));
    }
    return List.copyOf(chosen);
  }

  private static List<String> folders(Set<String> all) {
    return all.stream()
        .filter(name -> name.indexOf('/') > 0 && name.indexOf('/') == name.lastIndexOf('/'))
        .map(name -> name.substring(0, name.indexOf('/') + 1))
        .distinct()
        .toList();
  }

  /// Adds the configs of one component and one set of its weights.
  private void component(String folder, Set<String> all, Set<String> chosen) {
    List<String> weights = weights(folder, all);
    List<String> small =
        all.stream()
            .filter(name -> name.startsWith(folder))
            .filter(name -> SMALL.matcher(name.substring(folder.length())).matches())
            .filter(name -> !name.contains(".index."))
            .toList();
    boolean ours = weights.isEmpty() ? !foreign(folder, all) : true;
    if (ours) {
      chosen.addAll(small);
      chosen.addAll(weights);
    }
  }

  /// Whether a folder is for another program, such as one of examples or of ONNX weights.
  private static boolean foreign(String folder, Set<String> all) {
    return all.stream()
        .filter(name -> name.startsWith(folder))
        .noneMatch(name ->
            name.endsWith("config.json") || name.endsWith("vocab.json") || name.endsWith(".txt"));
  }

  private List<String> weights(String folder, Set<String> all) {
    for (String format : FORMATS) {
      for (String suffix : suffixes()) {
        for (String stem : STEMS) {
          String whole = folder + stem + suffix + "." + format;
          if (all.contains(whole)) {
            return List.of(whole);
          }
          List<String> shards = shards(folder + stem, suffix, format, all);
          if (!shards.isEmpty()) {
            return shards;
          }
        }
      }
    }
    return List.of();
  }

  private List<String> suffixes() {
    return Stream.concat(variant.stream().map(name -> "." + name), Stream.of("")).toList();
  }

  /// The parts of divided weights and their index, if all of that is there.
  private static List<String> shards(String stem, String suffix, String format, Set<String> all) {
    String number = "-\\d+-of-\\d+";
    String quoted = Pattern.quote(suffix);
    Pattern shard =
        Pattern.compile(
            "%s(%s%s|%s%s)\\.%s"
                .formatted(Pattern.quote(stem), quoted, number, number, quoted, format));
    List<String> parts = all.stream().filter(name -> shard.matcher(name).matches()).toList();
    Optional<String> index =
        Stream.of(
                stem + suffix + "." + format + ".index.json",
                stem + "." + format + ".index" + suffix + ".json")
            .filter(all::contains)
            .findFirst();
    if (parts.isEmpty() || index.isEmpty()) {
      return List.of();
    }
    List<String> both = new ArrayList<>(parts);
    both.add(index.get());
    return both;
  }

  private String onlyFile(String origin, Set<String> all) {
    for (String ending : List.of(".safetensors", ".gguf", ".ckpt")) {
      List<String> found =
          all.stream()
              .filter(name -> SINGLE.matcher(name).matches() && name.endsWith(ending))
              .toList();
      if (found.size() > 1) {
        throw new ModelFormatException(
            "%s: expected one model file, found %d: name one, as in %s/%s (%s)"
                .formatted(origin, found.size(), origin, found.getFirst(), shown(found)));
      }
      if (found.size() == 1) {
        return found.getFirst();
      }
    }
    throw new ModelFormatException(
        "%s: expected a model in diffusers' layout or a single file, found %s"
            .formatted(origin, shown(all)));
  }

  private static boolean isWeights(String name) {
    return name.matches(".*\\.(safetensors|bin|gguf|ckpt)");
  }

  private static String shown(Collection<String> names) {
    List<String> first = names.stream().limit(12).toList();
    int more = names.size() - first.size();
    return first.isEmpty()
        ? "nothing"
        : String.join(", ", first) + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
