package dev.latente.model;

import dev.latente.control.ControlNetConfig;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A control network in a folder as diffusers writes it.
final class ControlFolder {
  private ControlFolder() {}

  static ControlCheckpoint open(Path folder, UNetConfig base, Precision wanted) throws IOException {
    Path path = folder.resolve("config.json");
    if (!Files.exists(path)) {
      throw new ModelFormatException(
          folder
              + ": expected the folder of a ControlNet or T2I-Adapter with config.json,"
              + " found none");
    }
    ConfigReader json = new ConfigReader(path.toString(), Json.read(path));
    String type = json.text("_class_name", "nothing");
    return switch (type) {
      case ControlJson.CONTROL_NET -> {
        ControlNetConfig config = ControlJson.controlNet(json);
        ControlFit.require(folder.toString(), config, base);
        yield new ControlCheckpoint.Net(config, weights(folder, wanted));
      }
      case ControlJson.T2I_ADAPTER -> {
        T2iAdapterConfig config = ControlJson.t2iAdapter(json);
        ControlFit.require(folder.toString(), config, base);
        yield new ControlCheckpoint.Adapter(config, weights(folder, wanted));
      }
      default ->
          throw new ModelFormatException(
              "%s: _class_name: expected %s or %s, found %s"
                  .formatted(path, ControlJson.CONTROL_NET, ControlJson.T2I_ADAPTER, type));
    };
  }

  private static CheckpointSource weights(Path folder, Precision wanted) throws IOException {
    return WeightFiles.open(folder, DiffusersFolder.WEIGHTS, wanted);
  }
}
