package dev.latente.model;

import dev.latente.unet.UNetConfig;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A network of a model, as LoRAs speak of it.
///
/// Its layers are found under diffusers' names and, a U-Net's, under the original code's.
public final class LoraNetwork {
  private final Set<LoraPart> parts;
  private final Map<String, long[]> shapes;
  private final Map<String, String> layers = new HashMap<>();

  private LoraNetwork(Set<LoraPart> parts, Map<String, long[]> shapes) {
    this.parts = Set.copyOf(parts);
    this.shapes = Map.copyOf(shapes);
  }

  /// A U-Net.
  ///
  /// @param shapes of its weights, by diffusers' names
  public static LoraNetwork unet(UNetConfig config, Map<String, long[]> shapes) {
    LoraNetwork network = new LoraNetwork(Set.of(LoraPart.UNET), shapes);
    OriginalLayers originals = OriginalLayers.of(config);
    for (String layer : network.names()) {
      network.add(layer, layer);
      network.add(originals.name(layer), layer);
      if (layer.endsWith(".to_out.0")) {
        network.add(layer.substring(0, layer.length() - 2), layer);
      }
    }
    return network;
  }

  /// A text encoder.
  ///
  /// @param parts what files may call it
  /// @param shapes of its weights, by transformers' names
  public static LoraNetwork text(Set<LoraPart> parts, Map<String, long[]> shapes) {
    LoraNetwork network = new LoraNetwork(parts, shapes);
    for (String layer : network.names()) {
      network.add(layer, layer);
      network.add(layer.replaceFirst("^text_model\\.", ""), layer);
      // what diffusers called attention's parts before 0.22
      network.add(layer.replaceFirst("\\.([qkv])_proj$", ".to_$1"), layer);
      network.add(layer.replaceFirst("\\.out_proj$", ".to_out"), layer);
    }
    return network;
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (String tensor : shapes.keySet()) {
      int dot = tensor.lastIndexOf('.');
      if (dot > 0) {
        names.add(tensor.substring(0, dot));
      }
    }
    return names;
  }

  private void add(String alias, String layer) {
    layers.put(LoraKey.underscored(alias), layer);
  }

  /// Whether files that say `part` may mean this network.
  boolean is(LoraPart part) {
    return parts.contains(part);
  }

  /// The name in the model of the layer that a file calls so.
  Optional<String> layer(LoraLayer layer) {
    return is(layer.part()) ? Optional.ofNullable(layers.get(layer.path())) : Optional.empty();
  }

  /// The shape of a weight, if the model has it.
  Optional<long[]> shape(String weight) {
    return Optional.ofNullable(shapes.get(weight));
  }
}
