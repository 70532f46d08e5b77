package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import dev.latente.scenes.SceneFolder;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.draw.Rendering;
import dev.latente.scenes.world.Scene;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

/// Scenes and their pictures, kept in memory.
///
/// @param scenes what the pictures show
/// @param pictures of one size
/// @param whereabouts of each scene's things, in its order
record RenderedScenes(
    List<Scene> scenes, List<Picture> pictures, List<List<Whereabouts>> whereabouts) {
  RenderedScenes {
    scenes = List.copyOf(scenes);
    pictures = List.copyOf(pictures);
    whereabouts = List.copyOf(whereabouts);
    if (scenes.size() != pictures.size() || scenes.size() != whereabouts.size()) {
      throw new IllegalArgumentException(
          "need pictures and whereabouts for each scene: %d, %d and %d"
              .formatted(scenes.size(), pictures.size(), whereabouts.size()));
    }
  }

  /// Draws `count` scenes.
  ///
  /// @param kind makes a scene of its seed
  /// @param seed of all; scene i has the seed [SceneFolder#sceneSeed]
  /// @param size side of the pictures in pixels
  /// @param progress told how many are drawn
  static RenderedScenes draw(
      LongFunction<Scene> kind, int count, long seed, int size, IntConsumer progress) {
    List<Scene> scenes = new ArrayList<>(count);
    List<Picture> pictures = new ArrayList<>(count);
    List<List<Whereabouts>> whereabouts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Scene scene = kind.apply(SceneFolder.sceneSeed(seed, i));
      scenes.add(scene);
      Rendering rendering = Renderer.render(scene, size, size);
      pictures.add(Picture.of(rendering.picture()));
      whereabouts.add(
          rendering.masks().stream()
              .map(mask -> Whereabouts.of(mask, size, JudgeConfig.CELL))
              .toList());
      progress.accept(i + 1);
    }
    return new RenderedScenes(scenes, pictures, whereabouts);
  }

  int size() {
    return scenes.size();
  }

  /// Some of the scenes.
  List<Scene> scenes(int... indices) {
    return Arrays.stream(indices).mapToObj(scenes::get).toList();
  }

  /// Where their things are.
  List<List<Whereabouts>> whereabouts(int... indices) {
    return Arrays.stream(indices).mapToObj(whereabouts::get).toList();
  }

  /// Their pictures, `[N, 3, size, size]`, -1 to 1.
  Tensor batch(int... indices) {
    return batch(Picture::toFloats, Arrays.stream(indices).mapToObj(pictures::get).toList());
  }

  /// Their pictures, each changed in its own way.
  Tensor distorted(Distortion distortion, SplittableRandom random, int... indices) {
    return batch(
        picture -> distortion.apply(picture, random),
        Arrays.stream(indices).mapToObj(pictures::get).toList());
  }

  /// Pictures of one size as `[N, 3, H, W]`, -1 to 1.
  static Tensor batch(List<Picture> pictures) {
    return batch(Picture::toFloats, pictures);
  }

  private static Tensor batch(Function<Picture, float[]> numbers, List<Picture> pictures) {
    int height = pictures.getFirst().height();
    int width = pictures.getFirst().width();
    int each = 3 * height * width;
    float[] values = new float[pictures.size() * each];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(numbers.apply(pictures.get(i)), 0, values, i * each, each);
    }
    return Tensor.of(values, pictures.size(), 3, height, width);
  }
}
