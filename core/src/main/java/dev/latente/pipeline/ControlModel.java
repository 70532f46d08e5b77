package dev.latente.pipeline;

import dev.latente.control.ControlNet;
import dev.latente.control.ControlNetwork;
import dev.latente.control.T2iAdapter;
import dev.latente.model.ControlCheckpoint;
import java.io.IOException;
import java.nio.file.Path;

/// A control network in memory: a ControlNet or a T2I-Adapter, opened for one model by
/// [TextToImage#openControl].
///
/// Its weights stay in memory until [#close]; no request that uses it may run then.
public final class ControlModel implements AutoCloseable {
  private final String name;
  private final ControlNetwork network;
  private final Components components;
  private boolean closed;

  private ControlModel(String name, ControlNetwork network, Components components) {
    this.name = name;
    this.network = network;
    this.components = components;
  }

  /// Loads the network at `path`, which is to guide `base`.
  static ControlModel load(Path path, LoadedModel base) throws IOException {
    try (ControlCheckpoint checkpoint =
        ControlCheckpoint.open(path, base.unet().config(), base.precision())) {
      Components components = new Components(base.device());
      try {
        ControlNetwork network =
            switch (checkpoint) {
              case ControlCheckpoint.Net net ->
                  components.build(
                      net.weights(), base.precision(), at -> ControlNet.of(at, net.config()));
              case ControlCheckpoint.Adapter adapter ->
                  components.build(
                      adapter.weights(),
                      base.precision(),
                      at -> T2iAdapter.of(at, adapter.config()));
            };
        return new ControlModel(name(path), network, components);
      } catch (RuntimeException | Error e) {
        components.release();
        throw e;
      }
    }
  }

  private static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? path.toString() : last.toString().replaceFirst("\\.[^.]+$", "");
  }

  /// What users call it: the folder's or file's name.
  public String name() {
    return name;
  }

  /// The network itself.
  ///
  /// @throws IllegalStateException if it was closed
  ControlNetwork network() {
    if (closed) {
      throw new IllegalStateException("the control network is closed: " + name);
    }
    return network;
  }

  /// Frees the weights.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      components.release();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
