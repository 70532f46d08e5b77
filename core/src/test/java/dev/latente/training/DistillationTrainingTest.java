package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.pipeline.TextToImage;
import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistillationTrainingTest {
  private static final SmallModel SIZES =
      new SmallModel(8, List.of(8), 4, List.of(16, 16), 1, 16, 1, 600);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Prediction.class)
  void estimatesUndoWhatTrainingMixed(Prediction prediction) {
    NoiseSchedule schedule = SmallModel.scheduler().noiseSchedule();
    int[] t = {0, 300, 700};
    try (Scope _ = Scope.open()) {
      RandomNoise random = RandomNoise.seeded(1);
      Tensor clean = random.normal(3, 2, 4, 4);
      Tensor eps = random.normal(3, 2, 4, 4);
      Tensor x = schedule.addNoise(clean, eps, t);
      Tensor truth =
          switch (prediction) {
            case EPSILON -> eps;
            case SAMPLE -> clean;
            case V_PREDICTION -> schedule.velocity(clean, eps, t);
          };
      Estimates estimates = new Estimates(schedule, prediction);
      assertThat(estimates.clean(x, truth, t).minus(clean).abs().mean().item())
          .isCloseTo(0, within(1e-4)); // sqrt(ᾱ) is 0.08 at t = 700: 12 ulp of f32 grow so much
      assertThat(estimates.noise(x, clean, t).minus(eps).abs().mean().item())
          .isCloseTo(0, within(1e-4)); // as much the other way at t = 0
    }
  }

  @Test
  void aDistilledModelDrawsInFourStepsWithoutGuidance() throws IOException {
    ImageFolder data = squares(folder.resolve("pictures"));
    DiffusionTraining first =
        new DiffusionTraining(
            SIZES.pixelUNet(),
            SIZES.text(),
            SmallModel.scheduler(),
            Optional.empty(),
            plan(150, 3e-3),
            0.1,
            Focus.NONE,
            List.of("red"),
            new DiffusionStart.Fresh());
    first.run(data, folder.resolve("first"), new Losses());
    Path teacher = folder.resolve("first/model");
    Losses losses = new Losses();
    DistillationTraining training =
        new DistillationTraining(teacher, plan(60, 1e-3), 2, List.of("red"));
    assertThat(training.run(data, folder.resolve("second"), losses)).isTrue();
    assertThat(losses.values).hasSize(60).allMatch(loss -> loss < 0.1); // targets are near by
    try (TextToImage model =
        TextToImage.open(folder.resolve("second/model"), Device.CPU, Precision.F32)) {
      assertThat(model.defaults().steps()).isEqualTo(DistillationTraining.STEPS);
      assertThat(model.defaults().guidance()).isEqualTo(1);
      double[] red = mean(model, "a red picture");
      double[] blue = mean(model, "a blue picture");
      assertThat(red[0] - red[2]).isGreaterThan(60); // of 255
      assertThat(blue[2] - blue[0]).isGreaterThan(60);
    }
  }

  @Test
  void needsAPromptAndAModel() {
    assertThatThrownBy(() -> new DistillationTraining(folder, plan(1, 1e-3), 2, List.of()))
        .hasMessage("need a prompt for the sample sheets");
    assertThatThrownBy(() ->
            new DistillationTraining(folder, plan(1, 1e-3), 2, List.of("red"))
                .run(squares(folder.resolve("p")), folder.resolve("out"), new Losses()))
        .hasMessageContaining("model_index.json");
  }

  /// The mean of each channel over two pictures.
  private static double[] mean(TextToImage model, String prompt) {
    double[] sums = new double[3];
    for (int seed = 1; seed <= 2; seed++) {
      Picture picture =
          model.generate(model.request(prompt).seed(seed).build()).getFirst().picture();
      byte[] rgb = picture.rgb();
      for (int i = 0; i < rgb.length; i++) {
        sums[i % 3] += (rgb[i] & 0xff) * 3.0 / rgb.length / 2;
      }
    }
    return sums;
  }

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(steps, 4, rate, 2, 0.95, 1, 0.01, 3, Precision.F32, 1000, steps);
  }

  private static ImageFolder squares(Path pictures) throws IOException {
    Files.createDirectories(pictures);
    List<Color> colours = List.of(Color.RED, Color.BLUE);
    List<String> names = List.of("red", "blue");
    for (int i = 0; i < names.size(); i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(colours.get(i));
      graphics.fillRect(0, 0, 8, 8);
      graphics.dispose();
      ImageIO.write(image, "png", pictures.resolve(names.get(i) + ".png").toFile());
      Files.writeString(pictures.resolve(names.get(i) + ".txt"), "a " + names.get(i) + " picture");
    }
    return ImageFolder.open(pictures);
  }
}
