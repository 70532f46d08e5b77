package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.ReferenceModel;
import dev.latente.pipeline.ReferencePicture;
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
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReferenceTrainingTest {
  private static final SmallModel SIZES =
      new SmallModel(16, List.of(8, 8), 4, List.of(16, 16), 1, 16, 1, 600);
  private static final List<Color> COLOURS =
      List.of(Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW);
  private static final List<String> NAMES = List.of("red", "green", "blue", "yellow");

  @TempDir static Path trained;
  private static Path pictures;
  private static Path model;
  private static ImageFolder data;

  @TempDir Path folder;

  /// Pictures of one colour with a dark half: two of each colour, which is their style.
  @BeforeAll
  static void trainModel() throws IOException {
    pictures = Files.createDirectories(trained.resolve("pictures"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2 * COLOURS.size(); i++) {
      String style = NAMES.get(i / 2);
      String half = i % 2 == 0 ? "left" : "right";
      draw(i);
      lines.append(
          """
          {"file_name": "%d.png", "text": "%s %s", \
          "subjects": [{"text": "%s", "style": "%s"}]}
          """
              .formatted(i, style, half, half, style));
    }
    Files.writeString(pictures.resolve("metadata.jsonl"), lines);
    data = ImageFolder.open(pictures);
    new VaeTraining(SIZES.vae(), plan(60, 3e-3), 16, 1e-6, 0.2, new VaeStart.Fresh())
        .run(data, trained.resolve("vae"), new Losses());
    new DiffusionTraining(
            SIZES.latentUNet(),
            SIZES.text(),
            SmallModel.scheduler(),
            Optional.of(trained.resolve("vae/vae")),
            plan(300, 3e-3),
            0.1,
            Focus.NONE,
            List.of("left"),
            new DiffusionStart.Fresh())
        .run(data, trained.resolve("run"), new Losses());
    model = trained.resolve("run/model");
  }

  private static void draw(int which) throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(COLOURS.get(which / 2));
    graphics.fillRect(0, 0, 16, 16);
    graphics.setColor(Color.BLACK);
    graphics.fillRect(which % 2 * 8, 0, 8, 16);
    graphics.dispose();
    ImageIO.write(image, "png", pictures.resolve(which + ".png").toFile());
  }

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(steps, 8, rate, 2, 0.9, 1, 0, 3, Precision.F32, steps, steps);
  }

  private Path trainedEye(long steps) throws IOException {
    new ImageEncoderTraining(model, 16, plan(steps, 2e-3))
        .run(data, folder.resolve("eye"), new Losses());
    return folder.resolve("eye/image_encoder");
  }

  private ReferenceTraining training(Path eye, long steps, double rate) {
    return new ReferenceTraining(model, eye, plan(steps, rate), 0.1, Focus.NONE);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private Picture drawn(ReferenceModel seeing, TextToImage loaded, int reference)
      throws IOException {
    Picture shown = Picture.read(pictures.resolve(reference + ".png"));
    ImageRequest request =
        loaded
            .request("left")
            .steps(4)
            .seed(1)
            .references(List.of(ReferencePicture.of(seeing, shown)))
            .build();
    return loaded.generate(request).getFirst().picture();
  }

  @Test
  void anImageEncoderLearnsWhichCaptionIsWhose() throws IOException {
    Losses losses = new Losses();
    ImageEncoderTraining training = new ImageEncoderTraining(model, 16, plan(150, 2e-3));
    ImageEncoderTraining.Outcome outcome = training.run(data, folder.resolve("eye"), losses);
    assertThat(outcome.finished()).isTrue();
    assertThat(losses.values.getLast()).isLessThan(0.5 * losses.values.getFirst());
    assertThat(outcome.matched()).isGreaterThan(0.5); // an eighth by chance
    assertThatThrownBy(() -> new ImageEncoderTraining(model, 20, plan(1, 1)))
        .hasMessage("size must be a positive multiple of 16: 20");
  }

  @Test
  void aReferenceModelLowersTheLossOfAModelThatStaysWhatItWas() throws IOException {
    String unet = "unet/diffusion_pytorch_model.safetensors";
    byte[] before = Files.readAllBytes(model.resolve(unet));
    Path eye = trainedEye(150);
    Losses blind = new Losses();
    new ReferenceTraining(model, eye, plan(150, 5e-3), 1, Focus.NONE)
        .run(data, folder.resolve("blind"), blind);
    Losses losses = new Losses();
    assertThat(training(eye, 150, 5e-3).run(data, folder.resolve("refs"), losses)).isTrue();
    // the same noise; the colour is most of what there is to know, and only the reference tells it
    assertThat(losses.values.getLast()).isLessThan(0.9 * blind.values.getLast());
    assertThat(model.resolve(unet)).hasBinaryContent(before);
    Path with = folder.resolve("with");
    copy(model, with);
    Files.move(folder.resolve("refs/ip-adapter"), with.resolve("ip-adapter"));
    try (TextToImage loaded = TextToImage.open(with, Device.CPU, Precision.F32);
        ReferenceModel own = loaded.openOwnReference().orElseThrow()) {
      assertThat(own.name()).isEqualTo("ip-adapter");
      assertThat(drawn(own, loaded, 0)).isNotEqualTo(drawn(own, loaded, 4));
    }
  }

  @Test
  void anUntrainedReferenceModelChangesNothing() throws IOException {
    training(trainedEye(1), 1, 1e-12).run(data, folder.resolve("refs"), new Losses());
    Path file = folder.resolve("refs/ip-adapter/ip-adapter.safetensors");
    try (TextToImage loaded = TextToImage.open(model, Device.CPU, Precision.F32);
        ReferenceModel made = loaded.openReference(file)) {
      assertThat(loaded.openOwnReference()).isEmpty();
      assertThat(drawn(made, loaded, 0)).isEqualTo(drawn(made, loaded, 4));
    }
  }

  @Test
  void aReferenceHasTheStyleThatTheCaptionLeavesUnsaid() {
    ReferencePairs pairs = ReferencePairs.of(data);
    SplittableRandom random = new SplittableRandom(1);
    List<ReferencePairs.Pair> drawn =
        IntStream.range(0, 50).mapToObj(_ -> pairs.draw(5, random)).toList();
    assertThat(drawn).extracting(ReferencePairs.Pair::caption).containsOnly("right");
    assertThat(drawn).extracting(ReferencePairs.Pair::reference).contains(4, 5).isSubsetOf(4, 5);
  }

  @Test
  void aPictureOfWhichNoStyleIsKnownIsItsOwnReference() {
    ImageFolder.Entry plain =
        new ImageFolder.Entry(
            pictures.resolve("0.png"), List.of("a"), List.of(), Optional.empty(), List.of());
    ReferencePairs pairs = ReferencePairs.of(new ImageFolder(List.of(plain, plain)));
    assertThat(pairs.draw(1, new SplittableRandom(1))).isEqualTo(new ReferencePairs.Pair("a", 1));
  }
}
