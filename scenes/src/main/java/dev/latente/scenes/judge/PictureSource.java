package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import java.io.IOException;

/// Draws what is asked for: a model, or what stands for one.
@FunctionalInterface
public interface PictureSource {
  /// A picture of what `question` asks for; equal questions give equal pictures.
  Picture draw(Question question) throws IOException;
}
