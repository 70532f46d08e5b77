package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.pipeline.Control;
import dev.latente.pipeline.ControlModel;
import dev.latente.pipeline.DepthSource;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.TextToImage;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlTrainingTest {
  private static final SmallModel SIZES =
      new SmallModel(16, List.of(8, 8), 4, List.of(16, 16), 1, 16, 1, 600);
  private static final String CAPTION = "a picture";

  @TempDir Path folder;
  private Path pictures;
  private Path model;

  /// Pictures with a bright half, and maps that show which.
  @BeforeEach
  void trainModel() throws IOException {
    pictures = Files.createDirectories(folder.resolve("pictures"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      draw(i, Color.BLUE, Color.YELLOW, i + ".png");
      draw(i, Color.BLACK, Color.WHITE, i + ".map.png");
      lines.append(
          "{\"file_name\": \"%d.png\", \"text\": \"%s\", \"conditioning_image\": \"%d.map.png\"}%n"
              .formatted(i, CAPTION, i));
    }
    Files.writeString(pictures.resolve("metadata.jsonl"), lines);
    ImageFolder data = ImageFolder.open(pictures);
    new VaeTraining(SIZES.vae(), plan(60, 3e-3), 16, 1e-6, 0.2, new VaeStart.Fresh())
        .run(data, folder.resolve("vae"), new Losses());
    new DiffusionTraining(
            SIZES.latentUNet(),
            SIZES.text(),
            SmallModel.scheduler(),
            Optional.of(folder.resolve("vae/vae")),
            plan(60, 3e-3),
            0.1,
            Focus.NONE,
            List.of(CAPTION),
            new DiffusionStart.Fresh())
        .run(data, folder.resolve("run"), new Losses());
    model = folder.resolve("run/model");
  }

  private void draw(int which, Color dark, Color bright, String name) throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(dark);
    graphics.fillRect(0, 0, 16, 16);
    graphics.setColor(bright);
    switch (which) {
      case 0 -> graphics.fillRect(0, 0, 8, 16);
      case 1 -> graphics.fillRect(8, 0, 8, 16);
      case 2 -> graphics.fillRect(0, 0, 16, 8);
      default -> graphics.fillRect(0, 8, 16, 8);
    }
    graphics.dispose();
    ImageIO.write(image, "png", pictures.resolve(name).toFile());
  }

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(steps, 8, rate, 2, 0.9, 1, 0, 3, Precision.F32, steps, steps);
  }

  private Picture drawn(Path network, int map) throws IOException {
    try (TextToImage loaded = TextToImage.open(model, Device.CPU, Precision.F32);
        ControlModel control = loaded.openControl(network)) {
      Picture shown = Picture.read(pictures.resolve(map + ".map.png"));
      return loaded
          .generate(
              loaded
                  .request(CAPTION)
                  .steps(4)
                  .seed(1)
                  .controls(List.of(Control.of(control, shown)))
                  .build())
          .getFirst()
          .picture();
    }
  }

  @Test
  void aTrainedNetworkLowersTheLossOfAModelThatStaysWhatItWas() throws IOException {
    Losses losses = new Losses();
    String unet = "unet/diffusion_pytorch_model.safetensors";
    byte[] before = Files.readAllBytes(model.resolve(unet));
    ControlTraining training =
        new ControlTraining(model, plan(120, 5e-3), 0.3, Focus.NONE, Optional.empty());
    ImageFolder data = ImageFolder.withMaps(pictures, "conditioning_image");
    assertThat(training.run(data, folder.resolve("control"), losses)).isTrue();
    // which half is bright is half of what there is to know, and only the map tells
    assertThat(losses.values.getLast()).isLessThan(0.8 * losses.values.getFirst());
    assertThat(model.resolve(unet)).hasBinaryContent(before);
    Path network = folder.resolve("control/controlnet");
    assertThat(drawn(network, 0)).isNotEqualTo(drawn(network, 1));
  }

  @Test
  void anUntrainedNetworkChangesNothing() throws IOException {
    ControlTraining training =
        new ControlTraining(model, plan(1, 1e-12), 0.3, Focus.NONE, Optional.empty());
    ImageFolder data = ImageFolder.withMaps(pictures, "conditioning_image");
    training.run(data, folder.resolve("control"), new Losses());
    Path network = folder.resolve("control/controlnet");
    assertThat(drawn(network, 0)).isEqualTo(drawn(network, 1));
  }

  @Test
  void aModelFollowsDepthByTheNetworkInItsFolder() throws IOException {
    Path shown = pictures.resolve("0.map.png");
    DepthSource depth = new DepthSource.Map(GreyPicture.read(shown));
    try (TextToImage bare = TextToImage.open(model, Device.CPU, Precision.F32)) {
      ImageRequest asked = bare.request(CAPTION).steps(4).seed(1).depth(depth).build();
      assertThatThrownBy(() -> bare.generate(asked)).hasMessageContaining("takes no depth map");
    }
    ControlTraining training =
        new ControlTraining(model, plan(60, 5e-3), 0.3, Focus.NONE, Optional.empty());
    ImageFolder data = ImageFolder.withMaps(pictures, "conditioning_image");
    training.run(data, folder.resolve("control"), new Losses());
    Files.move(folder.resolve("control/controlnet"), model.resolve("controlnet-depth"));
    Picture drawn = drawn(model.resolve("controlnet-depth"), 0);
    try (TextToImage loaded = TextToImage.open(model, Device.CPU, Precision.F32)) {
      ImageRequest asked = loaded.request(CAPTION).steps(4).seed(1).depth(depth).build();
      assertThat(loaded.generate(asked).getFirst().picture()).isEqualTo(drawn);
    }
  }

  @Test
  void itGoesOnFromANetwork() throws IOException {
    ImageFolder data = ImageFolder.withMaps(pictures, "conditioning_image");
    Losses first = new Losses();
    new ControlTraining(model, plan(120, 5e-3), 0.3, Focus.NONE, Optional.empty())
        .run(data, folder.resolve("control"), first);
    Path network = folder.resolve("control/controlnet");
    new ControlTraining(model, plan(1, 1e-12), 0.3, Focus.NONE, Optional.of(network))
        .run(data, folder.resolve("same"), new Losses());
    assertThat(drawn(folder.resolve("same/controlnet"), 0)).isEqualTo(drawn(network, 0));
    Losses further = new Losses();
    new ControlTraining(model, plan(20, 1e-3), 0.3, Focus.NONE, Optional.of(network))
        .run(data, folder.resolve("further"), further);
    assertThat(further.values.getFirst()).isLessThan(0.9 * first.values.getFirst());
  }

  @Test
  void whatIsNoControlNetForTheModelIsNotGoneOnFrom() {
    ControlTraining training =
        new ControlTraining(
            model, plan(1, 1e-3), 0.3, Focus.NONE, Optional.of(folder.resolve("vae")));
    assertThatThrownBy(() ->
            training.run(
                ImageFolder.withMaps(pictures, "conditioning_image"),
                folder.resolve("control"),
                new Losses()))
        .hasMessageContaining("expected the folder of a ControlNet or T2I-Adapter");
  }

  @Test
  void aControlNetThatSeesMapsInAnotherWayIsNotGoneOnFrom() throws IOException {
    ImageFolder data = ImageFolder.withMaps(pictures, "conditioning_image");
    new ControlTraining(model, plan(1, 1e-12), 0.3, Focus.NONE, Optional.empty())
        .run(data, folder.resolve("control"), new Losses());
    Path network = folder.resolve("control/controlnet");
    Path config = network.resolve("config.json");
    String sizes = Files.readString(config);
    assertThat(sizes).contains("\"rgb\"");
    Files.writeString(config, sizes.replace("\"rgb\"", "\"bgr\""));
    ControlTraining further =
        new ControlTraining(model, plan(1, 1e-3), 0.3, Focus.NONE, Optional.of(network));
    assertThatThrownBy(() -> further.run(data, folder.resolve("further"), new Losses()))
        .hasMessageStartingWith(network + ": expected a ControlNet for red, green and blue")
        .hasMessageContaining("found one for 3 channels, blue first, halved 1 times");
  }

  @Test
  void aFolderWithoutMapsIsRefused() {
    assertThatThrownBy(() -> ImageFolder.withMaps(pictures, "depth"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("line 1 needs an object with file_name and text and depth");
    assertThatThrownBy(() -> ImageFolder.withMaps(folder, "depth"))
        .hasMessage("maps need a metadata.jsonl with a field 'depth': none in " + folder);
  }
}
