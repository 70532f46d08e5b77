package dev.latente.scenes;

import dev.latente.scenes.caption.Caption;
import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.world.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// A caption of what a scene shows that leaves its style to a reference picture.
///
/// @param text the caption
/// @param style what it leaves out, such as `oil, lake, sunset`; pictures of the same style look
///   alike in this
record Subject(String text, String style) {
  private static final long WORDING = 0x5EED_57F1_E000L;

  /// In each language one that says neither manner nor ground nor time, and one that leaves out the
  /// manner alone.
  static List<Subject> of(Scene scene) {
    SplittableRandom random = new SplittableRandom(scene.seed() ^ WORDING);
    String manner = word(scene.manner());
    String all = manner + ", " + word(scene.ground()) + ", " + word(scene.time());
    List<Subject> subjects = new ArrayList<>();
    for (Language language : Language.values()) {
      Caption things = Captions.things(scene, language, random);
      Caption unmannered = Captions.unmannered(scene, language, random);
      subjects.add(new Subject(things.text(), all));
      subjects.add(new Subject(unmannered.text(), manner));
    }
    return List.copyOf(subjects);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
