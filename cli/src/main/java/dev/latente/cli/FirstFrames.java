package dev.latente.cli;

import dev.latente.image.Frames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Says of pictures that move that the first is taken.
final class FirstFrames {
  private FirstFrames() {}

  /// Says it of each of `files` that has several pictures.
  static void say(Session session, Words words, List<Path> files) throws IOException {
    for (Path file : files.stream().distinct().toList()) {
      int frames = Frames.in(file);
      if (frames > 1) {
        session.err().println(words.say("first-frame", file, frames));
      }
    }
  }
}
