package dev.latente.tensor;

import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs native calls so that a failure names the operation, its operands and libtorch's reason.
final class Guard {
  private Guard() {}

  static <T> T call(String operation, Supplier<T> body, Tensor... operands) {
    try {
      return body.get();
    } catch (RuntimeException e) {
      String given = Stream.of(operands).map(Tensor::toString).collect(Collectors.joining(", "));
      throw new TensorException(
          "%s failed for %s: %s".formatted(operation, given, Native.firstLine(e)), e);
    }
  }

  static void run(String operation, Runnable body, Tensor... operands) {
    call(
        operation,
        () -> {
          body.run();
          return operation;
        },
        operands);
  }
}
