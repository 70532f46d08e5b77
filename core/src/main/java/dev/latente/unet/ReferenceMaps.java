package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The part of a reference model (IP-Adapter) that a U-Net's attentions need: maps from a picture's
/// tokens to keys and values of their own.
///
/// [Ye et al. (2023)](https://arxiv.org/abs/2308.06721), section 3.2.2. Names follow the published
/// files: the n-th attention, counted from 0, is number 2n + 1.
///
/// @param maps by the attention's name
public record ReferenceMaps(Map<String, KeyValue> maps) {
  /// One attention's maps.
  public record KeyValue(Linear toK, Linear toV) {}

  public ReferenceMaps {
    maps = Map.copyOf(maps);
  }

  /// The maps for `attentions`, from tokens of width `context`.
  public static ReferenceMaps of(Weights weights, List<CrossAttention> attentions, int context) {
    Map<String, KeyValue> maps = new LinkedHashMap<>();
    for (int i = 0; i < attentions.size(); i++) {
      Weights at = weights.at(2 * i + 1);
      int features = attentions.get(i).features();
      maps.put(
          attentions.get(i).name(),
          new KeyValue(
              Linear.withoutBias(at.at("to_k_ip"), context, features),
              Linear.withoutBias(at.at("to_v_ip"), context, features)));
    }
    return new ReferenceMaps(maps);
  }

  /// What the attentions are given of a picture.
  ///
  /// @param tokens `[N, T, E]`, those of the pictures in the order of the U-Net's other inputs
  /// @param weight how much each attention, called by its name, heeds it
  public Reference reference(Tensor tokens, ToDoubleFunction<String> weight) {
    Map<String, Attention.Extra> extras = new LinkedHashMap<>();
    maps.forEach((name, map) -> {
      double heed = weight.applyAsDouble(name);
      if (heed != 0) {
        extras.put(
            name, new Attention.Extra(map.toK().forward(tokens), map.toV().forward(tokens), heed));
      }
    });
    return new Reference(extras);
  }
}
