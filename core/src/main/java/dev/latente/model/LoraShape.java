package dev.latente.model;

import java.util.Optional;
import java.util.stream.LongStream;

/// The matrix that a weight or a change of it is, a convolution laid flat.
///
/// @param out outputs
/// @param in inputs, times the pixels of a convolution's window
record LoraShape(long out, long in) {
  /// That of a weight.
  static LoraShape of(long... weight) {
    return new LoraShape(weight.length == 0 ? 1 : weight[0], rest(weight, 1));
  }

  /// That of the change of a layer's weight, if it can be told without the weight.
  static Optional<LoraShape> of(LoraLayer layer) {
    return layer
        .kind()
        .flatMap(kind ->
            switch (kind) {
              case LORA -> Optional.of(lowRank(layer));
              case LOHA -> Optional.of(hadamard(layer));
              case LOKR -> Optional.of(kronecker(layer));
              case GLORA ->
                  Optional.of(
                      new LoraShape(
                          first(layer.shape(LoraRole.GLORA_B2)),
                          rest(layer.shape(LoraRole.GLORA_B1), 1)));
              case FULL -> Optional.of(of(layer.shape(LoraRole.WEIGHT_DIFFERENCE)));
              case IA3 -> Optional.empty();
            });
  }

  private static LoraShape lowRank(LoraLayer layer) {
    long window = layer.has(LoraRole.MID) ? rest(layer.shape(LoraRole.MID), 2) : 1;
    return new LoraShape(
        first(layer.shape(LoraRole.UP)), rest(layer.shape(LoraRole.DOWN), 1) * window);
  }

  private static LoraShape hadamard(LoraLayer layer) {
    long[] a = layer.shape(LoraRole.HADA_1_A);
    long[] b = layer.shape(LoraRole.HADA_1_B);
    return layer.has(LoraRole.HADA_1_T)
        ? new LoraShape(rest(a, 1), rest(b, 1) * rest(layer.shape(LoraRole.HADA_1_T), 2))
        : new LoraShape(first(a), rest(b, 1));
  }

  private static LoraShape kronecker(LoraLayer layer) {
    LoraShape left = factor(layer, LoraRole.LOKR_1, LoraRole.LOKR_1_A, LoraRole.LOKR_1_B);
    LoraShape right = factor(layer, LoraRole.LOKR_2, LoraRole.LOKR_2_A, LoraRole.LOKR_2_B);
    if (layer.has(LoraRole.LOKR_2_T) && !layer.has(LoraRole.LOKR_2)) {
      long window = rest(layer.shape(LoraRole.LOKR_2_T), 2);
      right = new LoraShape(rest(layer.shape(LoraRole.LOKR_2_A), 1), right.in() * window);
    }
    return new LoraShape(left.out() * right.out(), left.in() * right.in());
  }

  private static LoraShape factor(LoraLayer layer, LoraRole whole, LoraRole a, LoraRole b) {
    return layer.has(whole)
        ? of(layer.shape(whole))
        : new LoraShape(first(layer.shape(a)), rest(layer.shape(b), 1));
  }

  private static long first(long... shape) {
    return shape.length == 0 ? 1 : shape[0];
  }

  private static long rest(long[] shape, int from) {
    return LongStream.of(shape).skip(from).reduce(1, (a, b) -> a * b);
  }

  @Override
  public String toString() {
    return out + "x" + in;
  }
}
