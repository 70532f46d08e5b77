package dev.latente.model;

import dev.latente.nn.TensorSource;
import java.util.Map;

/// Named tensors in files that stay open until it is closed. One thread at a time may use it.
public interface CheckpointSource extends TensorSource, AutoCloseable {
  /// What the files say about themselves, such as `modelspec.title`; nothing if they cannot.
  default Map<String, String> metadata() {
    return Map.of();
  }

  /// What the file stores `name` as, such as `F16` or `Q8_0`.
  String storedAs(String name);

  /// Closes the files; nothing can be read after.
  @Override
  void close();
}
