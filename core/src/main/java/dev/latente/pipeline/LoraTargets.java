package dev.latente.pipeline;

import dev.latente.lora.Merging;
import dev.latente.model.LoraFile;
import dev.latente.model.LoraMatch;
import dev.latente.model.LoraMatch.Hit;
import dev.latente.model.LoraNetwork;
import dev.latente.model.LoraPart;
import dev.latente.model.ModelKind;
import dev.latente.nn.ReplacedWeights;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// The networks of a model that LoRAs change, and the way to changed ones.
///
/// @param unet its layers and weights
/// @param texts those of the text encoders, in their order
/// @param precision that they compute in
record LoraTargets(Target<UNet> unet, List<Target<ClipTextEncoder>> texts, Precision precision) {
  /// A network and its plain weights.
  record Target<T>(T network, LoraNetwork names, WeightSource weights) {}

  /// A LoRA's file that is open, and what it changes.
  record Open(LoraUse use, LoraFile file, LoraMatch match) {
    double strength(boolean unet) {
      return unet ? use.unet() : use.text();
    }
  }

  LoraTargets {
    texts = List.copyOf(texts);
  }

  static LoraTargets of(
      UNet unet, List<ClipTextEncoder> texts, Components components, Precision precision) {
    WeightSource weights = components.weightsOf(unet);
    List<Target<ClipTextEncoder>> targets = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      WeightSource own = components.weightsOf(texts.get(i));
      LoraNetwork names = LoraNetwork.text(parts(unet.config(), i, texts.size()), shapes(own));
      targets.add(new Target<>(texts.get(i), names, own));
    }
    return new LoraTargets(
        new Target<>(unet, LoraNetwork.unet(unet.config(), shapes(weights)), weights),
        targets,
        precision);
  }

  /// SDXL's refiner has only the second of SDXL's text encoders.
  private static Set<LoraPart> parts(UNetConfig unet, int index, int count) {
    boolean second =
        switch (unet.additionEmbed()) {
          case AdditionEmbed.None _, AdditionEmbed.Picture _ -> false;
          case AdditionEmbed.TextTime _ -> index == 1 || count == 1;
        };
    return EnumSet.of(LoraPart.TEXT, second ? LoraPart.TEXT_2 : LoraPart.TEXT_1);
  }

  private static Map<String, long[]> shapes(WeightSource weights) {
    return weights.tensors().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().shape()));
  }

  /// The model's name for messages: `Stable Diffusion 1 (text of width 768)`.
  private String family() {
    UNetConfig config = unet.network().config();
    return "%s (text of width %d)"
        .formatted(ModelKind.of(config).family().label(), config.crossAttentionDim());
  }

  /// Finds what a file changes.
  ///
  /// @throws dev.latente.nn.ModelFormatException if that is nothing, or it was made for another
  ///   model
  Open open(LoraUse use, LoraFile file) {
    List<LoraNetwork> networks = new ArrayList<>(List.of(unet.names()));
    texts.forEach(text -> networks.add(text.names()));
    return new Open(use, file, LoraMatch.of(file, networks, family()));
  }

  /// The U-Net with changed weights, which `taken` is given; the plain one if nothing changes.
  UNet unet(List<Open> loras, List<WeightSource> taken) {
    Map<String, Tensor> changed = changed(unet, loras, true);
    if (changed.isEmpty()) {
      return unet.network();
    }
    ReplacedWeights weights = new ReplacedWeights(unet.weights(), changed);
    taken.add(weights);
    return UNet.of(Weights.of(weights), unet.network().config());
  }

  /// The text encoders, as [#unet(List, List)].
  List<ClipTextEncoder> texts(List<Open> loras, List<WeightSource> taken) {
    List<ClipTextEncoder> encoders = new ArrayList<>();
    for (Target<ClipTextEncoder> text : texts) {
      Map<String, Tensor> changed = changed(text, loras, false);
      if (changed.isEmpty()) {
        encoders.add(text.network());
        continue;
      }
      ReplacedWeights weights = new ReplacedWeights(text.weights(), changed);
      taken.add(weights);
      encoders.add(ClipTextEncoder.of(Weights.of(weights), text.network().config()));
    }
    return encoders;
  }

  private record Part(Open lora, Hit hit) {}

  /// New tensors, which are retained, for all weights that are changed.
  private Map<String, Tensor> changed(Target<?> target, List<Open> loras, boolean unet) {
    Map<String, List<Part>> parts = new LinkedHashMap<>();
    for (Open lora : loras) {
      for (Hit hit : lora.match().hits()) {
        if (hit.network() == target.names() && lora.strength(unet) != 0) {
          parts.computeIfAbsent(hit.name(), _ -> new ArrayList<>()).add(new Part(lora, hit));
        }
      }
    }
    Map<String, Tensor> changed = new HashMap<>();
    try {
      parts.forEach((name, all) -> changed.put(name, merged(target, name, all, unet)));
    } catch (RuntimeException | Error e) {
      changed.values().forEach(Tensor::release);
      throw e;
    }
    return changed;
  }

  private Tensor merged(Target<?> target, String name, List<Part> parts, boolean unet) {
    try (Scope _ = Scope.open()) {
      Merging merging = new Merging(Objects.requireNonNull(target.weights().tensors().get(name)));
      for (Part part : parts) {
        part.lora().file().merge(part.hit(), merging, part.lora().strength(unet));
      }
      return merging.result(precision).retain();
    }
  }
}
