import dev.latente.model.Checkpoint;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.AdamW;
import dev.latente.tensor.Autocast;
import dev.latente.tensor.Device;
import dev.latente.tensor.NativeHeap;
import dev.latente.tensor.Parameters;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tape;
import dev.latente.tensor.Tensor;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Times the training step of a model's U-Net as `TrainingLoop` takes it: forward in the precision
/// asked for, backward, clipping, AdamW.
///
/// `training_speed.py` does the same in PyTorch; `training_speed.sh` runs both.
final class TrainingSpeed {
  private TrainingSpeed() {}

  public static void main(String[] args) throws Exception {
    Path model = Path.of(args[0]);
    int batch = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    Precision precision = Precision.named(args[3]);
    NativeHeap.keepFreed();
    try (Checkpoint checkpoint = Checkpoint.open(model, Precision.F32);
        Scope _ = Scope.open()) {
      UNetConfig sizes = checkpoint.unet().config();
      StoredWeights weights =
          new StoredWeights(checkpoint.unet().weights(), Device.CPU, Precision.F32);
      UNet unet = UNet.of(Weights.of(weights), sizes);
      Parameters parameters = new Parameters(weights.tensors());
      AdamW optimizer = new AdamW(parameters, 0.9, 0.99, 1e-8, 0.01);
      RandomNoise random = RandomNoise.seeded(1);
      int side = sizes.sampleSize();
      Tensor x = random.normal(batch, sizes.inChannels(), side, side).channelsLast();
      Tensor truth = random.normal(batch, sizes.inChannels(), side, side);
      Tensor text = random.normal(batch, 77, sizes.crossAttentionDim());
      Tensor t = Tensor.full(500, batch);
      long began = 0;
      int steps = -2; // to warm up
      while (steps < 3 || System.nanoTime() - began < seconds * 1e9) {
        if (steps == 0) {
          began = System.nanoTime();
        }
        try (Scope _ = Scope.open();
            Tape _ = Tape.open()) {
          Tensor loss;
          try (Autocast _ = Autocast.open(Device.CPU, precision)) {
            Tensor estimate = unet.forward(x, t, text).to(Precision.F32);
            loss = estimate.minus(truth).square().mean();
          }
          parameters.backward(loss);
          parameters.clipGradients(1);
          optimizer.step(1e-4);
          parameters.clearGradients();
        }
        steps++;
      }
      double perSecond = (double) batch * steps / ((System.nanoTime() - began) / 1e9);
      System.out.printf(Locale.ROOT, "%.2f %.0f%n", perSecond, peakMebibytes());
    }
  }

  private static double peakMebibytes() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }
}
