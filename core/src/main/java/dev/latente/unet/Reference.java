package dev.latente.unet;

import dev.latente.nn.Attention;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A picture that a U-Net looks at beside the text, as [ReferenceMaps] made it.
///
/// @param extras what each attention is given, by the attention's name; none where it has no weight
public record Reference(Map<String, Attention.Extra> extras) {
  public Reference {
    extras = Map.copyOf(extras);
  }

  /// What the pictures from `from` (inclusive) to `to` (exclusive) are given.
  Reference rows(long from, long to) {
    Map<String, Attention.Extra> some = new HashMap<>();
    extras.forEach((name, extra) ->
        some.put(
            name,
            new Attention.Extra(
                extra.keys().slice(0, from, to),
                extra.values().slice(0, from, to),
                extra.weight())));
    return new Reference(some);
  }

  Optional<Attention.Extra> extra(String name) {
    return Optional.ofNullable(extras.get(name));
  }
}
