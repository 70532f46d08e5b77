package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.pipeline.DepthEstimator;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DepthTrainingTest {
  private static final int SIDE = 32;

  @TempDir Path folder;

  /// Pictures whose red half is near.
  private ImageFolder pictures() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      int edge = 4 + 3 * i;
      draw(Color.BLUE, Color.RED, edge, pictures.resolve(i + ".png"));
      draw(Color.BLACK, Color.WHITE, edge, pictures.resolve(i + ".depth.png"));
      lines.append("{\"file_name\": \"%d.png\", \"depth\": \"%d.depth.png\"}%n".formatted(i, i));
    }
    Files.writeString(pictures.resolve("metadata.jsonl"), lines);
    return ImageFolder.withMaps(pictures, "depth");
  }

  private static void draw(Color far, Color near, int edge, Path file) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(far);
    graphics.fillRect(0, 0, SIDE, SIDE);
    graphics.setColor(near);
    graphics.fillRect(0, 0, edge, SIDE);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private static TrainingPlan plan(long steps) {
    return new TrainingPlan(steps, 4, 3e-3, 5, 0.9, 1, 0, 3, Precision.F32, steps, steps);
  }

  @Test
  void aTrainedEstimatorTellsNearFromFar() throws IOException {
    Losses losses = new Losses();
    DepthTraining training = new DepthTraining(SIDE, plan(60));
    assertThat(training.run(pictures(), folder.resolve("run"), losses)).isTrue();
    assertThat(losses.values.getLast()).isLessThan(0.5 * losses.values.getFirst());
    Path unseen = folder.resolve("unseen.png");
    draw(Color.BLUE, Color.RED, 14, unseen);
    Path estimator = folder.resolve("run/depth_estimator");
    try (DepthEstimator loaded = DepthEstimator.open(estimator, Device.CPU)) {
      GreyPicture near = loaded.nearness(Picture.read(unseen));
      assertThat(near.at(4, 16)).isGreaterThan(2 * near.at(27, 16));
    }
  }

  @Test
  void aSizeThatPatchesDoNotFillIsRefused() {
    assertThatThrownBy(() -> new DepthTraining(24, plan(1)))
        .hasMessage("size must be a positive multiple of 16: 24");
  }
}
