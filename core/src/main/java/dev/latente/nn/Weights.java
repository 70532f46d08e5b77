package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// A path into a model's named weights, from which layers are built.
///
/// A layer asks for each weight by name and shape. A [WeightSource] behind the path either looks it
/// up in a checkpoint or makes it fresh, so that one factory serves loading and training.
public final class Weights {
  private final WeightSource source;
  private final String prefix;

  private Weights(WeightSource source, String prefix) {
    this.source = source;
    this.prefix = prefix;
  }

  /// The root of all weights of `source`.
  public static Weights of(WeightSource source) {
    return new Weights(source, "");
  }

  /// Where this is, such as `down_blocks.0.resnets.1`; empty at the root.
  public String path() {
    return prefix.isEmpty() ? prefix : prefix.substring(0, prefix.length() - 1);
  }

  /// The weights under `name`, which may be a path such as `down_blocks.0`.
  public Weights at(String name) {
    return new Weights(source, prefix + name + ".");
  }

  /// The weights of entry `index` of a list.
  public Weights at(int index) {
    return at(Integer.toString(index));
  }

  /// The weight called `name`, of the given shape.
  public Tensor tensor(String name, Init init, long... shape) {
    return source.tensor(prefix + name, init, shape);
  }

  /// The matrix or convolution kernels called `name`, of the given shape: [WeightSource#matrix].
  public Tensor matrix(String name, Init init, long... shape) {
    return source.matrix(prefix + name, init, shape);
  }
}
