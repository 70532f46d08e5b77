package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.nn.Rows;
import dev.latente.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A picture that a U-Net looks at beside the text, as [ReferenceMaps] made it.
///
/// @param extras what each attention is given, by the attention's name; none where it has no weight
public record Reference(Map<String, Attention.Extra> extras) {
  public Reference {
    extras = Map.copyOf(extras);
  }

  /// What the pictures from `from` (inclusive) to `to` (exclusive) are given.
  Reference rows(long from, long to) {
    return with(rows -> rows.slice(0, from, to));
  }

  /// Of `count` times as many pictures, as [Conditioning#each].
  Reference each(int count) {
    return with(rows -> Rows.each(rows, count));
  }

  private Reference with(UnaryOperator<Tensor> change) {
    Map<String, Attention.Extra> changed = new HashMap<>();
    extras.forEach((name, extra) ->
        changed.put(
            name,
            new Attention.Extra(
                change.apply(extra.keys()), change.apply(extra.values()), extra.weight())));
    return new Reference(changed);
  }

  Optional<Attention.Extra> extra(String name) {
    return Optional.ofNullable(extras.get(name));
  }
}
