package dev.latente.model;

import dev.latente.nn.TensorSource;

/// Named tensors in files that stay open until it is closed. One thread at a time may use it.
public interface CheckpointSource extends TensorSource, AutoCloseable {
  /// Closes the files; nothing can be read after.
  @Override
  void close();
}
