package dev.latente.nn;

import dev.latente.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// The weights of a network, some of them replaced by others; the network itself stays as it is.
///
/// Both share the weights that are not replaced, so that these must outlive it.
public final class ReplacedWeights implements WeightSource {
  private final WeightSource plain;
  private final Map<String, Tensor> replaced;

  /// The weights of `plain` but for those in `replaced`, which this takes over.
  public ReplacedWeights(WeightSource plain, Map<String, Tensor> replaced) {
    this.plain = plain;
    this.replaced = Map.copyOf(replaced);
  }

  @Override
  public Tensor tensor(String name, Init init, long... shape) {
    Tensor found = replaced.getOrDefault(name, plain.tensors().get(name));
    if (found == null) {
      throw new IllegalStateException("no such weight: " + name);
    }
    return found;
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>(plain.tensors());
    all.putAll(replaced);
    return all;
  }

  @Override
  public void rest() {
    plain.rest();
  }

  @Override
  public Often often() {
    return plain.often();
  }

  /// Frees the weights that replace others, and only these.
  @Override
  public void release() {
    replaced.values().forEach(Tensor::release);
  }
}
