package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.Weights;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import dev.latente.tensor.RandomNoise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JudgeFolderTest {
  private static final JudgeConfig SMALL =
      new JudgeConfig(32, List.of(8, 8, 16), List.of(0, 1, 0), 8);

  @TempDir Path folder;

  @BeforeEach
  void writeJudge() throws IOException {
    FreshWeights weights = new FreshWeights(RandomNoise.seeded(1));
    var _ = JudgeNetwork.of(Weights.of(weights), SMALL);
    JudgeFolder.write(folder, SMALL, weights.tensors());
    weights.release();
  }

  private Path config() {
    return folder.resolve(JudgeFolder.CONFIG);
  }

  private Path model() {
    return folder.resolve(JudgeFolder.MODEL);
  }

  private void replaceInConfig(String found, String replacement) throws IOException {
    String text = Files.readString(config());
    assertThat(text).contains(found);
    Files.writeString(config(), text.replace(found, replacement));
  }

  @Test
  void aWrittenJudgeLoadsWithItsSizes() throws IOException {
    try (Judge judge = Judge.load(folder)) {
      assertThat(judge.pictureSize()).isEqualTo(32);
      var picture = Picture.of(Renderer.render(Scene.random(1), 64, 48).picture());
      assertThat(judge.features(List.of(picture)).getFirst()).hasSize(16);
      assertThat(judge.judge(List.of(picture)).getFirst().things()).hasSize(8);
    }
  }

  @Test
  void truncatedWeightsAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(model());
    Files.write(model(), Arrays.copyOf(bytes, bytes.length - 10));
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(JudgeFolder.MODEL);
  }

  @Test
  void weightsOfAnotherSizeAreRefusedByName() throws IOException {
    replaceInConfig("\"hidden\" : 8", "\"hidden\" : 12");
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("things.kinds: needed [8, 12], found [8, 8]");
  }

  @Test
  void aJudgeOfAnotherWorldIsRefused() throws IOException {
    replaceInConfig("\"windmill\"", "\"submarine\"");
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("windmill")
        .hasMessageContaining("submarine");
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(model());
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(JudgeFolder.MODEL);
    Files.delete(config());
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(JudgeFolder.CONFIG);
  }

  @Test
  void aConfigThatIsNoJsonIsRefused() throws IOException {
    Files.writeString(config(), "{\"picture_size\": ");
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(JudgeFolder.CONFIG);
  }

  @Test
  void impossibleSizesAreRefused() throws IOException {
    replaceInConfig("\"picture_size\" : 32", "\"picture_size\" : -5");
    assertThatThrownBy(() -> Judge.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("picture_size")
        .hasMessageContaining("-5");
  }
}
