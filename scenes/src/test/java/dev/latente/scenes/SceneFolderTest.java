package dev.latente.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.draw.Rendering;
import dev.latente.scenes.world.HeldOut;
import dev.latente.scenes.world.Scene;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SceneFolderTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private static final SceneFolder.Progress QUIET = (done, count) -> {};

  @Test
  void folderHoldsPicturesDepthMasksAndTheirDescription() throws IOException {
    List<Integer> told = new ArrayList<>();
    SceneFolder.write(folder, 6, 9, 32, (done, count) -> told.add(done));
    assertThat(told).containsExactly(1, 2, 3, 4, 5, 6);
    List<String> lines = Files.readAllLines(folder.resolve("metadata.jsonl"));
    assertThat(lines).hasSize(6);
    for (int i = 0; i < 6; i++) {
      JsonNode line = JSON.readTree(lines.get(i));
      Scene scene = Scene.random(SceneFolder.sceneSeed(9, i));
      Rendering rendering = Renderer.render(scene, 32, 32);
      assertThat(line.get("captions").size()).isEqualTo(line.get("languages").size());
      assertThat(line.get("text").asString()).isEqualTo(line.get("captions").get(0).asString());
      assertThat(line.get("seed").asLong()).isEqualTo(scene.seed());
      assertThat(line.get("things").size()).isEqualTo(scene.things().size());
      assertSame(picture(line.get("file_name").asString()), rendering.picture());
      BufferedImage depth = picture(line.get("depth").asString());
      assertThat(depth.getSampleModel().getSampleSize(0)).isEqualTo(16);
      assertThat(depth.getRaster().getSample(7, 31, 0) / 65535f)
          .isCloseTo(rendering.depth()[31 * 32 + 7], org.assertj.core.data.Offset.offset(1e-5f));
      BufferedImage mask = picture(line.get("things").get(0).get("mask").asString());
      assertThat(white(mask)).isEqualTo(count(rendering.masks().getFirst()));
    }
  }

  private BufferedImage picture(String name) throws IOException {
    return ImageIO.read(folder.resolve(name).toFile());
  }

  private static void assertSame(BufferedImage a, BufferedImage b) {
    assertThat(a.getRGB(0, 0, 32, 32, null, 0, 32)).isEqualTo(b.getRGB(0, 0, 32, 32, null, 0, 32));
  }

  private static int white(BufferedImage mask) {
    int n = 0;
    for (int i = 0; i < 32 * 32; i++) {
      n += mask.getRaster().getSample(i % 32, i / 32, 0) == 255 ? 1 : 0;
    }
    return n;
  }

  private static int count(boolean[] mask) {
    int n = 0;
    for (boolean set : mask) {
      n += set ? 1 : 0;
    }
    return n;
  }

  @Test
  void stoppedFolderIsContinuedToTheSameFiles(@TempDir Path whole) throws IOException {
    SceneFolder.write(whole, 5, 3, 32, QUIET);
    assertThatThrownBy(() -> SceneFolder.write(folder, 5, 3, 32, SceneFolderTest::stopAtTwo))
        .isInstanceOf(CancellationException.class);
    Files.writeString(
        folder.resolve("metadata.jsonl.part"),
        Files.readString(folder.resolve("metadata.jsonl.part")) + "{\"torn");
    List<Integer> told = new ArrayList<>();
    SceneFolder.write(folder, 5, 3, 32, (done, count) -> told.add(done));
    assertThat(told).containsExactly(3, 4, 5);
    try (var files = Files.list(whole)) {
      for (Path file : files.toList()) {
        assertThat(folder.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void folderThatWasStoppedBeforeItsFirstLineIsContinued() throws IOException {
    assertThatThrownBy(() -> SceneFolder.write(folder, 2, 3, -1, QUIET))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder.resolve("metadata.jsonl.part")).isEmptyFile();
    Files.writeString(folder.resolve("000001.png.part"), "torn");
    SceneFolder.write(folder, 2, 3, 32, QUIET);
    assertThat(Files.readAllLines(folder.resolve("metadata.jsonl"))).hasSize(2);
  }

  private static void stopAtTwo(int done, int count) {
    if (done == 2) {
      throw new CancellationException("stopped");
    }
  }

  @Test
  void otherFoldersAreRefused() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> SceneFolder.write(folder, 5, 3, 32, QUIET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "scenes need an empty folder, or one that an equal call left unfinished: " + folder);
  }

  @Test
  void unfinishedFolderOfAnotherSeedIsRefused() {
    assertThatThrownBy(() -> SceneFolder.write(folder, 5, 3, 32, SceneFolderTest::stopAtTwo))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> SceneFolder.write(folder, 5, 4, 32, QUIET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another seed, size or version, from line 1 on");
  }

  @Test
  void heldOutFolderHoldsOnlyHeldOutScenes() throws IOException {
    SceneFolder.writeHeldOut(folder, 3, 1, 32, QUIET);
    for (String line : Files.readAllLines(folder.resolve("metadata.jsonl"))) {
      assertThat(HeldOut.contains(Scene.heldOut(JSON.readTree(line).get("seed").asLong())))
          .isTrue();
    }
  }

  @Test
  void foldersOfDifferentSeedsShareNoScenes() {
    Set<Long> seeds = new HashSet<>();
    for (long folderSeed = 0; folderSeed < 50; folderSeed++) {
      for (int i = 0; i < 1000; i++) {
        seeds.add(SceneFolder.sceneSeed(folderSeed, i));
      }
    }
    assertThat(seeds).hasSize(50_000);
  }
}
