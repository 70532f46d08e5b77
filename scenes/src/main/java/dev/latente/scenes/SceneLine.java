package dev.latente.scenes;

import dev.latente.scenes.caption.Caption;
import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import tools.jackson.databind.json.JsonMapper;

/// A scene's line in `metadata.jsonl`.
final class SceneLine {
  private static final JsonMapper JSON = new JsonMapper();

  private SceneLine() {}

  static String of(String name, Scene scene, int size) {
    List<Caption> captions = Captions.of(scene);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("file_name", name + ".png");
    line.put("text", captions.getFirst().text());
    line.put("captions", captions.stream().map(Caption::text).toList());
    line.put("languages", captions.stream().map(c -> c.language().tag()).toList());
    line.put("subjects", Subject.of(scene));
    line.put("time", word(scene.time()));
    line.put("ground", word(scene.ground()));
    line.put("manner", word(scene.manner()));
    List<Map<String, String>> things = new ArrayList<>();
    for (Placed placed : scene.things()) {
      things.add(thing(placed, name + ".mask" + things.size() + ".png"));
    }
    line.put("things", things);
    line.put("depth", name + ".depth.png");
    line.put("seed", scene.seed());
    line.put("size", size);
    return JSON.writeValueAsString(line);
  }

  private static Map<String, String> thing(Placed placed, String mask) {
    Map<String, String> thing = new LinkedHashMap<>();
    thing.put("thing", word(placed.thing()));
    thing.put("colour", word(placed.colour()));
    thing.put("size", word(placed.size()));
    thing.put("place", word(placed.place()));
    thing.put("mask", mask);
    return thing;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// How many scenes the lines hold.
  ///
  /// @throws IllegalArgumentException if they are not the first scenes of that seed and size
  static int done(List<String> lines, LongFunction<Scene> scenes, long seed, int size) {
    for (int i = 0; i < lines.size(); i++) {
      Scene scene = scenes.apply(SceneFolder.sceneSeed(seed, i));
      if (!lines.get(i).equals(of("%06d".formatted(i), scene, size))) {
        throw new IllegalArgumentException(
            "the folder holds unfinished scenes of another seed, size or version, from line "
                + (i + 1)
                + " on");
      }
    }
    return lines.size();
  }
}
