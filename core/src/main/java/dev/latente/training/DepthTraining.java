package dev.latente.training;

import dev.latente.depth.BackboneConfig;
import dev.latente.depth.DepthConfig;
import dev.latente.depth.DepthInput;
import dev.latente.depth.DepthNetwork;
import dev.latente.depth.VitConfig;
import dev.latente.image.Resampling;
import dev.latente.model.DepthFolderWriter;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Trains a small depth estimator of Depth Anything's kind on pictures whose depth is known.
///
/// @param size side of the pictures it sees, in pixels, a multiple of 16
/// @param plan how long and how
public record DepthTraining(int size, TrainingPlan plan) {
  private static final int SHOWN = 6;
  private static final int PATCH = 8;
  private static final double MIDDLE = 0.5; // where the output begins, so that no gradient is lost
  private static final double BLUR = 0.06; // noise on what is seen, so that fine dirt tells nothing

  public DepthTraining {
    if (size <= 0 || size % (2 * PATCH) != 0) {
      throw new IllegalArgumentException("size must be a positive multiple of 16: " + size);
    }
  }

  /// The sizes of the network: half a million weights.
  DepthConfig config() {
    VitConfig vit =
        new VitConfig(64, 4, 4, 256, 1e-6, size, PATCH, true, false, VitConfig.Positions.BICUBIC);
    return new DepthConfig(
        new BackboneConfig.Plain(vit, List.of(0, 1, 2, 3), true),
        List.of(16, 32, 64, 64),
        List.of(4.0, 2.0, 1.0, 0.5),
        32,
        16,
        DepthConfig.Readout.IGNORE,
        DepthConfig.Fusion.LIKE_NEXT,
        new DepthConfig.Unit.Nearness());
  }

  private DepthInput input() {
    List<Double> middle = List.of(0.5, 0.5, 0.5);
    return new DepthInput(true, size, size, false, PATCH, Resampling.BICUBIC, middle, middle);
  }

  /// Trains on `data`, opened with [ImageFolder#withMaps], whose maps are white where things are
  /// near, keeping its state in `folder`, and writes the estimator to `folder/depth_estimator`.
  ///
  /// @return whether the end was reached; if not, the estimator is that of the last step, and the
  ///   same call goes on
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    DepthConfig config = config();
    FreshWeights weights =
        new FreshWeights(
            RandomNoise.seeded(plan.seed()),
            Map.of("head.conv3.bias", (_, shape) -> Tensor.full(MIDDLE, shape)));
    DepthNetwork network = DepthNetwork.of(Weights.of(weights), config);
    Batches pictures = new Batches(data, size);
    MapFolder maps = new MapFolder(data, size);
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            weights.tensors(),
            folder.resolve("checkpoint.safetensors"),
            "depth %s of %d pictures batch %d seed %d"
                .formatted(config, data.size(), plan.batch(), plan.seed()));
    Objective objective = step -> loss(network, pictures, maps, step);
    boolean finished = loop.run(objective, () -> sheet(network, pictures, maps), listener);
    loop.withAverage(() -> write(folder.resolve("depth_estimator"), config, weights));
    return finished;
  }

  /// The mean absolute error of nearness, 0 (far) to 1 (near).
  private Tensor loss(DepthNetwork network, Batches pictures, MapFolder maps, long step) {
    int[] chosen = Seeds.batch(plan.seed(), step, plan.batch(), pictures.folder().size());
    Tensor seen = pictures.at(chosen);
    Tensor noise = RandomNoise.seeded(Seeds.mix(plan.seed(), step, 1)).normal(seen.shape());
    Tensor near = maps.at(chosen).slice(1, 0, 1);
    return network.forward(seen.plus(noise.times(BLUR))).minus(near).abs().mean();
  }

  /// Pictures, their depth, and what the network makes of them, row by row.
  private static BufferedImage sheet(DepthNetwork network, Batches pictures, MapFolder maps) {
    int count = Math.min(SHOWN, pictures.folder().size());
    int[] first = IntStream.range(0, count).toArray();
    Tensor seen = pictures.at(first);
    Tensor told = network.predict(seen).detached().times(2).plus(-1);
    Tensor shown = told.expand(count, 3, told.size(2), told.size(3));
    return Squares.sheet(
        Tensor.concat(0, seen, maps.at(first).times(2).plus(-1), shown.contiguous()), count);
  }

  private void write(Path folder, DepthConfig config, FreshWeights weights) {
    try {
      DepthFolderWriter.write(folder, config, input(), weights.tensors(), ElementType.F16);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
