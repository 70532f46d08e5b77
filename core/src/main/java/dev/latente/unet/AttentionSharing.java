package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lets a U-Net look at pictures that went through it before, without another model: their pixels
/// are among those that its own pixels look at.
///
/// This is "reference-only" of
/// [sd-webui-controlnet](https://github.com/Mikubill/sd-webui-controlnet/discussions/1236) and of
/// diffusers' community pipeline `stable_diffusion_reference`. The network is asked once for each
/// picture, with [#listening], and then for what is drawn, with [#sharing].
///
/// Holds native memory until [#close]; not thread-safe.
public final class AttentionSharing implements AutoCloseable {
  private final Map<String, Double> places = new HashMap<>();
  private final Map<String, List<Tensor>> seen = new HashMap<>();

  /// Sharing in the network of `attentions`: wide ones come first when only some share, since they
  /// are about what a picture shows, and narrow ones about its strokes.
  ///
  /// @param attentions as [UNet#crossAttentions] gives them
  public AttentionSharing(List<CrossAttention> attentions) {
    List<CrossAttention> ordered =
        attentions.stream()
            .sorted(Comparator.comparingInt(CrossAttention::features).reversed())
            .toList();
    for (int i = 0; i < ordered.size(); i++) {
      places.put(ordered.get(i).name(), (double) i / ordered.size());
    }
  }

  /// What a picture that is to be looked at goes through the network with.
  ///
  /// @param share of the attentions that will look at it, 0 to 1
  public SelfAttention listening(double share) {
    return (block, attention, h) -> {
      if (share > places.getOrDefault(block, 1.0)) {
        seen.computeIfAbsent(block, _ -> new ArrayList<>()).add(h.retain());
      }
      return attention.forward(h, h);
    };
  }

  /// What the picture that is drawn goes through the network with, after those that it looks at;
  /// [SelfAttention#PLAIN] if no attention listened to them.
  ///
  /// @param fidelity how much of the look is withheld from the rows without the prompt, 0 to 1:
  ///   guidance then pulls from a picture that does not know the others towards one that does
  /// @param without how many of the first rows are without the prompt
  public SelfAttention sharing(double fidelity, int without) {
    if (seen.isEmpty()) {
      return SelfAttention.PLAIN;
    }
    return (block, attention, h) -> {
      List<Tensor> others = seen.getOrDefault(block, List.of());
      if (others.isEmpty()) {
        return attention.forward(h, h);
      }
      List<Tensor> all = new ArrayList<>(List.of(h));
      all.addAll(others);
      Tensor shared = attention.forward(h, Tensor.concat(1, all.toArray(Tensor[]::new)));
      return without == 0 || fidelity == 0
          ? shared
          : withheld(attention, h, shared, fidelity, without);
    };
  }

  private static Tensor withheld(
      Attention attention, Tensor h, Tensor shared, double fidelity, int without) {
    Tensor alone = h.slice(0, 0, without);
    Tensor own = attention.forward(alone, alone).times(fidelity);
    Tensor first = own.plus(shared.slice(0, 0, without).times(1 - fidelity));
    return without == h.size(0)
        ? first
        : Tensor.concat(0, first, shared.slice(0, without, h.size(0)));
  }

  /// Frees what was seen.
  @Override
  public void close() {
    seen.values().forEach(each -> each.forEach(Tensor::release));
    seen.clear();
  }
}
