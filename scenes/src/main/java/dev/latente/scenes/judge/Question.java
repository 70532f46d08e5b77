package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import dev.latente.scenes.caption.Caption;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;

/// A prompt, and what its picture should show.
///
/// @param scene what is asked for
/// @param caption a wording that names all of the scene's attributes
/// @param seed of the picture's noise, 0 or more
public record Question(Scene scene, Caption caption, long seed) {
  /// The scene as a picture of `size` × `size` pixels: the right answer.
  public Picture rendered(int size) {
    return Picture.of(Renderer.render(scene, size, size).picture());
  }
}
