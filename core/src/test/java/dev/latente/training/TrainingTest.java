package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.CheckpointSource;
import dev.latente.model.DiffusersFolder;
import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.VaeConfig;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
  @TempDir Path folder;

  @Test
  void eachEpochSeesEverySampleOnce() {
    int[] seen = new int[10];
    for (int step = 0; step < 5; step++) {
      for (int i : Seeds.batch(7, step, 4, 10)) {
        seen[i]++;
      }
    }
    assertThat(seen).containsOnly(2);
    assertThat(Seeds.batch(7, 3, 4, 10)).isEqualTo(Seeds.batch(7, 3, 4, 10));
    assertThat(Seeds.batch(7, 0, 10, 10)).isNotEqualTo(Seeds.batch(8, 0, 10, 10));
  }

  @Test
  void theLearningRateRisesThenFallsAsACosine() {
    LearningRate rate = new LearningRate(2, 10, 110, 0.1);
    assertThat(rate.at(0)).isEqualTo(0.2);
    assertThat(rate.at(9)).isEqualTo(2);
    assertThat(rate.at(60)).isCloseTo(2 * (0.1 + 0.9 / 2), within(1e-12)); // half way: the mean
    assertThat(rate.at(110)).isCloseTo(0.2, within(1e-12));
    assertThatThrownBy(() -> new LearningRate(0, 1, 2, 0)).hasMessageContaining("peak=0.0");
  }

  @Test
  void weightsOfEpsilonAndVelocityStandForTheSameLoss() {
    // ||eps - eps'||² = snr ||x - x'||² and ||v - v'||² = (snr + 1) ||x - x'||²: Hang et al.,
    // section 3.4
    NoiseSchedule schedule = NoiseSchedule.stableDiffusion();
    SnrWeighting weighting = new SnrWeighting(5);
    for (int t = 0; t < 1000; t += 111) {
      double snr = 1 / (schedule.sigma(t) * schedule.sigma(t));
      double clean = weighting.at(schedule, Prediction.SAMPLE, t);
      assertThat(weighting.at(schedule, Prediction.EPSILON, t) * snr)
          .isCloseTo(clean, within(1e-4 * clean));
      assertThat(weighting.at(schedule, Prediction.V_PREDICTION, t) * (snr + 1))
          .isCloseTo(clean, within(1e-4 * clean));
    }
  }

  @Test
  void anAutoencoderLearns() throws IOException {
    List<Double> losses = train(folder.resolve("run"), 60, Long.MAX_VALUE);
    assertThat(losses.getLast()).isLessThan(0.8 * losses.getFirst()); // a mean over some 50 steps
    assertThat(folder.resolve("run/vae/config.json")).exists();
    assertThat(folder.resolve("run/vae/diffusion_pytorch_model.safetensors")).exists();
  }

  @Test
  void aDecoderIsTrainedFurtherWhileTheLatentsStay() throws IOException {
    train(folder.resolve("first"), 6, Long.MAX_VALUE);
    Path vae = folder.resolve("first/vae");
    VaeTraining further =
        new VaeTraining(VaeStart.sizes(vae), plan(6), 8, 1e-6, 0.2, new VaeStart.DecoderOnly(vae));
    assertThat(
            further.run(
                pictures(folder.resolve("pictures"), 6),
                folder.resolve("second"),
                new Listener(Long.MAX_VALUE)))
        .isTrue();
    Path better = folder.resolve("second/vae");
    assertThat(VaeStart.sizes(better)).isEqualTo(VaeStart.sizes(vae));
    Map<String, float[]> before = tensors(vae);
    Map<String, float[]> after = tensors(better);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    for (String name : before.keySet()) {
      boolean kept = Arrays.equals(before.get(name), after.get(name));
      assertThat(kept).as(name).isEqualTo(name.startsWith("encoder.") || name.startsWith("quant_"));
    }
  }

  @Test
  void anAutoencoderTrainedFurtherBeginsWhereTheOtherEnded() throws IOException {
    List<Double> first = train(folder.resolve("first"), 60, Long.MAX_VALUE);
    Path vae = folder.resolve("first/vae");
    Listener listener = new Listener(Long.MAX_VALUE);
    new VaeTraining(VaeStart.sizes(vae), plan(2), 8, 1e-6, 1, new VaeStart.Whole(vae))
        .run(pictures(folder.resolve("pictures"), 6), folder.resolve("second"), listener);
    assertThat(listener.losses.getFirst()).isLessThan(0.8 * first.getFirst());
  }

  private static Map<String, float[]> tensors(Path vae) throws IOException {
    Map<String, float[]> values = new TreeMap<>();
    var weights = DiffusersFolder.openVae(vae, Precision.F32).weights();
    try (CheckpointSource _ = weights;
        Scope _ = Scope.open()) {
      for (String name : weights.names()) {
        values.put(name, weights.read(name, Precision.F32).toFloatArray());
      }
    }
    return values;
  }

  @Test
  void trainingThatWasStoppedGoesOnToTheVerySameLoss() throws IOException {
    List<Double> through = train(folder.resolve("through"), 8, Long.MAX_VALUE);
    List<Double> before = train(folder.resolve("stopped"), 8, 5);
    List<Double> after = train(folder.resolve("stopped"), 8, Long.MAX_VALUE);
    assertThat(before).hasSize(5);
    assertThat(after).hasSize(3);
    byte[] expected = weights(folder.resolve("through"));
    assertThat(weights(folder.resolve("stopped"))).isEqualTo(expected);
    List<Double> together = new ArrayList<>(before);
    together.addAll(after);
    assertThat(together).isEqualTo(through);
  }

  @Test
  void refusesToGoOnFromAnotherTraining() throws IOException {
    train(folder.resolve("run"), 4, 2);
    ImageFolder other = pictures(folder.resolve("other"), 5);
    assertThatThrownBy(() -> training(4).run(other, folder.resolve("run"), new Listener(9)))
        .hasMessageContaining("was written by another training");
  }

  @Test
  void readsCaptionsFromMetadataOrTextFiles() throws IOException {
    pictures(folder.resolve("data"), 2);
    Files.writeString(folder.resolve("data/p0.txt"), " a red square ");
    assertThat(ImageFolder.open(folder.resolve("data")).entries().getFirst().captions())
        .containsExactly("a red square");
    Files.writeString(
        folder.resolve("data/metadata.jsonl"), "{\"file_name\": \"p1.png\", \"text\": \"two\"}\n");
    ImageFolder described = ImageFolder.open(folder.resolve("data"));
    assertThat(described.size()).isEqualTo(1);
    assertThat(described.entries().getFirst().captions()).containsExactly("two");
    Files.writeString(folder.resolve("data/metadata.jsonl"), "nonsense");
    assertThatThrownBy(() -> ImageFolder.open(folder.resolve("data")))
        .hasMessageContaining("line 1 needs an object with file_name and text");
  }

  @Test
  void timestepsOfABatchAreSpreadEvenly() {
    int[] uniform = Timesteps.UNIFORM.draw(10, 1000, new SplittableRandom(1));
    for (int i = 0; i < uniform.length; i++) {
      assertThat(uniform[i]).isBetween(100 * i, 100 * i + 99);
    }
    int[] middle = new Timesteps(0.5, 0).draw(1000, 1000, new SplittableRandom(1));
    // the quartiles of a logistic distribution are at ±ln 3: here sigmoid(±ln(3) / 2)
    assertThat(middle[250]).isCloseTo(366, within(2));
    assertThat(middle[750]).isCloseTo(634, within(2));
    int[] lower = new Timesteps(0.5, -1).draw(1001, 1000, new SplittableRandom(1));
    assertThat(lower[500]).isCloseTo(269, within(2)); // sigmoid(-1)
    assertThatThrownBy(() -> new Timesteps(0, 0))
        .hasMessageContaining("a width above 0 up to 1 and a centre of -3 to 3: 0.0, 0.0");
  }

  @Test
  void errorsWhereAMaskShowsAThingCountMore() throws IOException {
    Path data = folder.resolve("data");
    ImageFolder without = pictures(data, 2);
    BufferedImage mask = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(8, 0, 8, 16); // the right half
    graphics.dispose();
    ImageIO.write(mask, "png", data.resolve("m.png").toFile());
    Files.writeString(
        data.resolve("metadata.jsonl"),
        """
        {"file_name": "p0.png", "text": "one", "things": [{"thing": "square", "mask": "m.png"}]}
        {"file_name": "p1.png", "text": "none"}
        """);
    try (Scope _ = Scope.open()) {
      Emphasis emphasis = Emphasis.of(ImageFolder.open(data), 2, 5);
      Tensor errors = Tensor.full(1, 2, 3, 2, 2);
      assertThat(emphasis.of(errors, 1, 0).toFloatArray())
          .startsWith(1, 1, 1, 1)
          .endsWith(1, 5, 1, 5);
      Tensor signals = Tensor.of(new float[] {0.5F, 0.25F}, 2, 1, 1, 1);
      assertThat(emphasis.of(errors, signals, 1, 0).toFloatArray())
          .startsWith(1, 1, 1, 1)
          .endsWith(1, 2, 1, 2);
      assertThat(Emphasis.of(without, 2, 1).of(errors, 0, 1)).isSameAs(errors);
    }
    assertThatThrownBy(() -> Emphasis.of(without, 2, 5))
        .hasMessageContaining("needs masks in metadata.jsonl");
  }

  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("vae/diffusion_pytorch_model.safetensors"));
  }

  private List<Double> train(Path run, long steps, long stopAfter) throws IOException {
    Listener listener = new Listener(stopAfter);
    training(steps).run(pictures(folder.resolve("pictures"), 6), run, listener);
    return listener.losses;
  }

  private static TrainingPlan plan(long steps) {
    return new TrainingPlan(steps, 4, 2e-3, 2, 0.9, 1, 0.01, 3, Precision.F32, 2, steps);
  }

  private static VaeTraining training(long steps) {
    TrainingPlan plan = plan(steps);
    return new VaeTraining(
        VaeConfig.of(List.of(8, 8), 1, 4, 4, 16, 1), plan, 8, 1e-6, 1, new VaeStart.Fresh());
  }

  /// Flat squares on a flat ground.
  private static ImageFolder pictures(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillRect(0, 0, 16, 16);
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillRect(4, random.nextInt(8), 6, 6);
      graphics.dispose();
      ImageIO.write(image, "png", folder.resolve("p" + i + ".png").toFile());
    }
    return ImageFolder.open(folder);
  }

  /// Collects losses and stops after a number of steps.
  private static final class Listener implements TrainingListener {
    final List<Double> losses = new ArrayList<>();
    private final long stopAfter;
    private long step;

    Listener(long stopAfter) {
      this.stopAfter = stopAfter;
    }

    @Override
    public void onPrepared(int done, int count) {}

    @Override
    public void onStep(TrainingProgress progress) {
      step = progress.step();
      losses.add(progress.loss());
    }

    @Override
    public void onSamples(long at, BufferedImage sheet) {
      assertThat(sheet.getHeight()).isEqualTo(2 * 16); // originals above reconstructions
    }

    @Override
    public boolean stopRequested() {
      return step >= stopAfter;
    }
  }
}
