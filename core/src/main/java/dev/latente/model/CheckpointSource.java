package dev.latente.model;

import dev.latente.nn.TensorSource;
import dev.latente.tensor.Precision;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Named tensors in files that stay open until it is closed. One thread at a time may use it.
public interface CheckpointSource extends TensorSource, AutoCloseable {
  /// What the files say about themselves, such as `modelspec.title`; nothing if they cannot.
  default Map<String, String> metadata() {
    return Map.of();
  }

  /// What the file stores `name` as, such as `F16` or `Q8_0`.
  String storedAs(String name);

  @Override
  default Optional<Precision> precision(String name) {
    String type = storedAs(name);
    return Arrays.stream(Precision.values()).filter(one -> one.name().equals(type)).findFirst();
  }

  /// Closes the files; nothing can be read after.
  @Override
  void close();
}
