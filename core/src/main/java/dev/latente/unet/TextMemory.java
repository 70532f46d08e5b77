package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/// Keys and values that attentions make of a text, kept from one step of a run to the next.
///
/// Nothing is kept before an attention meets the same text for the second time, so that texts which
/// are made anew for each step leave nothing behind. Holds native memory until [#close]; not
/// thread-safe.
public final class TextMemory implements AutoCloseable {
  private final Map<Tensor, Map<Attention, Optional<Attention.Seen>>> texts =
      new IdentityHashMap<>();

  /// What `attention` sees of `text`.
  Attention.Seen of(Attention attention, Tensor text) {
    var kept = texts.computeIfAbsent(text, _ -> new IdentityHashMap<>());
    Optional<Attention.Seen> before = kept.getOrDefault(attention, Optional.empty());
    if (before.isPresent()) {
      return before.get();
    }
    Attention.Seen seen = attention.see(text);
    boolean met = kept.containsKey(attention);
    kept.put(attention, met ? Optional.of(seen.retain()) : Optional.empty());
    return seen;
  }

  /// Frees what is kept.
  @Override
  public void close() {
    texts.values().stream()
        .flatMap(kept -> kept.values().stream())
        .flatMap(Optional::stream)
        .forEach(Attention.Seen::release);
    texts.clear();
  }
}
