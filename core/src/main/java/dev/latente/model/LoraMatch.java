package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Which weights of a model a LoRA changes.
///
/// @param hits one for each weight
/// @param unmatched the names of the file's tensors that mean nothing in this model
public record LoraMatch(List<Hit> hits, List<String> unmatched) {
  /// What of a layer is changed.
  public enum Place {
    WEIGHT("weight"),
    BIAS("bias");

    private final String label;

    Place(String label) {
      this.label = label;
    }
  }

  /// A weight that is changed.
  ///
  /// @param network the one it belongs to
  /// @param name its name in the model, such as `mid_block.attentions.0.proj_in.weight`
  public record Hit(LoraLayer layer, LoraNetwork network, String name, Place place) {}

  public LoraMatch {
    hits = List.copyOf(hits);
    unmatched = List.copyOf(unmatched);
  }

  /// Finds the weights.
  ///
  /// @param networks of the model, each text encoder in its order
  /// @param model what the model is, for messages
  /// @throws ModelFormatException if the file changes nothing of this model, or its layers have
  ///   other sizes
  public static LoraMatch of(LoraFile file, List<LoraNetwork> networks, String model) {
    List<Hit> hits = new ArrayList<>();
    List<String> unmatched = new ArrayList<>(file.unknown());
    Optional<String> misfit = Optional.empty();
    for (LoraLayer layer : file.layers()) {
      List<LoraNetwork> known =
          networks.stream().filter(network -> network.layer(layer).isPresent()).toList();
      List<Hit> found =
          known.stream()
              .map(network -> hits(layer, network))
              .filter(all -> !all.isEmpty())
              .findFirst()
              .orElse(List.of());
      hits.addAll(found);
      if (found.isEmpty()) {
        unmatched.addAll(layer.names());
      }
      if (found.isEmpty() && misfit.isEmpty() && known.stream().noneMatch(isInput(layer))) {
        misfit = known.stream().findFirst().map(network -> misfit(layer, network));
      }
    }
    if (misfit.isPresent() || hits.isEmpty()) {
      String why =
          misfit.orElseGet(() -> "no layer is called '%s'".formatted(file.layers().getFirst()));
      throw new ModelFormatException(
          "%s: expected a LoRA for %s, found one for %s: %s"
              .formatted(file.path(), model, LoraFamily.of(file), why));
    }
    return new LoraMatch(hits, unmatched);
  }

  /// Inpainting and depth models have more inputs than those that LoRAs are made for, whose first
  /// layer is left as it is then.
  private static Predicate<LoraNetwork> isInput(LoraLayer layer) {
    return network -> network.layer(layer).filter("conv_in"::equals).isPresent();
  }

  /// The weights of a layer, or nothing if their sizes are others.
  private static List<Hit> hits(LoraLayer layer, LoraNetwork network) {
    List<Hit> hits = new ArrayList<>();
    if (layer.kind().isPresent()) {
      Hit hit = hit(layer, network, Place.WEIGHT);
      if (!fits(hit)) {
        return List.of();
      }
      hits.add(hit);
    }
    if (layer.changesBias()) {
      Hit hit = hit(layer, network, Place.BIAS);
      if (!fits(hit)) {
        return List.of();
      }
      hits.add(hit);
    }
    return hits;
  }

  private static Hit hit(LoraLayer layer, LoraNetwork network, Place place) {
    return new Hit(layer, network, network.layer(layer).orElseThrow() + "." + place.label, place);
  }

  private static boolean fits(Hit hit) {
    Optional<LoraShape> found = found(hit);
    Optional<LoraShape> needed = hit.network().shape(hit.name()).map(LoraShape::of);
    return needed.isPresent() && (found.isEmpty() || found.equals(needed));
  }

  private static Optional<LoraShape> found(Hit hit) {
    return switch (hit.place()) {
      case WEIGHT -> LoraShape.of(hit.layer());
      case BIAS -> Optional.of(LoraShape.of(hit.layer().shape(LoraRole.BIAS_DIFFERENCE)));
    };
  }

  private static String misfit(LoraLayer layer, LoraNetwork network) {
    Place place = layer.kind().isPresent() ? Place.WEIGHT : Place.BIAS;
    Hit hit = hit(layer, network, place);
    String needed =
        hit.network().shape(hit.name()).map(LoraShape::of).map(LoraShape::toString).orElse("none");
    return "layer '%s' changes %s numbers, not %s"
        .formatted(layer, found(hit).map(LoraShape::toString).orElse("other"), needed);
  }

  /// How many layers of `network` are changed.
  public int layers(LoraNetwork network) {
    return (int)
        hits.stream().filter(hit -> hit.network() == network).map(Hit::layer).distinct().count();
  }
}
