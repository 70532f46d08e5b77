package dev.latente.unet;

import dev.latente.nn.Attention;
import java.util.Map;
import java.util.Optional;

/// A picture that a U-Net looks at beside the text, as [ReferenceMaps] made it.
///
/// @param extras what each attention is given, by the attention's name; none where it has no weight
public record Reference(Map<String, Attention.Extra> extras) {
  public Reference {
    extras = Map.copyOf(extras);
  }

  Optional<Attention.Extra> extra(String name) {
    return Optional.ofNullable(extras.get(name));
  }
}
