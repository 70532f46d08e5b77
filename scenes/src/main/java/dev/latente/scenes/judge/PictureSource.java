package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import java.io.IOException;

/// Draws pictures from text: a model, or what stands for one.
@FunctionalInterface
public interface PictureSource {
  /// The picture of `prompt`; equal seeds give equal pictures.
  Picture draw(String prompt, long seed) throws IOException;
}
