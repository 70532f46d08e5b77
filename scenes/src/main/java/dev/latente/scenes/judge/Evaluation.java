package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import dev.latente.scenes.SceneFolder;
import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Asks for pictures of scenes drawn by lot, and judges them. Equal arguments give equal questions.
///
/// @param count how many pictures, at least 2; half of the prompts are English, half Spanish
/// @param things in each picture, 1 or 2
/// @param combinations of attributes asked for
/// @param seed of scenes, wordings and noise, 0 or more
public record Evaluation(int count, int things, Combinations combinations, long seed) {
  private static final long WORDING = 0x5EED_04DE_5710L;
  private static final int AT_ONCE = 32;

  /// Told after each picture; may stop the evaluation by throwing.
  @FunctionalInterface
  public interface Progress {
    void drawn(int done, int count);
  }

  public Evaluation {
    if (count < 2 || count > 1_000_000) {
      throw new IllegalArgumentException("count must be in 2..1000000: " + count);
    }
    if (things < 1 || things > 2) {
      throw new IllegalArgumentException("a picture needs one or two things: " + things);
    }
    if (seed < 0 || seed > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException("seed must be 0 or more: " + seed);
    }
  }

  /// What is asked.
  public List<Question> questions() {
    List<Scene> scenes = scenes(seed);
    return IntStream.range(0, count).mapToObj(i -> question(scenes.get(i), i)).toList();
  }

  private Question question(Scene scene, int index) {
    Language language = Language.values()[index % Language.values().length];
    SplittableRandom random = new SplittableRandom(scene.seed() ^ WORDING);
    return new Question(scene, Captions.complete(scene, language, random), seed + index);
  }

  private List<Scene> scenes(long seed) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> combinations.scene(SceneFolder.sceneSeed(seed, i)))
        .filter(scene -> scene.things().size() == things)
        .limit(count)
        .toList();
  }

  /// Draws all pictures with `source` and judges them.
  ///
  /// @throws IOException if the source throws it
  public EvaluationReport run(PictureSource source, Judge judge, Progress progress)
      throws IOException {
    List<Question> questions = questions();
    List<Judgement> judgements = new ArrayList<>();
    List<float[]> features = new ArrayList<>();
    for (int i = 0; i < count; i += AT_ONCE) {
      List<Picture> pictures = new ArrayList<>();
      for (Question question : questions.subList(i, Math.min(count, i + AT_ONCE))) {
        pictures.add(source.draw(question));
        progress.drawn(i + pictures.size(), count);
      }
      judgements.addAll(judge.judge(pictures));
      features.addAll(judge.features(pictures));
    }
    double distance = FrechetDistance.between(features, rendered(judge));
    return EvaluationReport.of(questions, judgements, distance);
  }

  /// The features of as many rendered pictures, of other scenes.
  private List<float[]> rendered(Judge judge) {
    int size = judge.pictureSize();
    List<float[]> features = new ArrayList<>();
    List<Scene> scenes = scenes(~seed);
    for (int i = 0; i < count; i += AT_ONCE) {
      features.addAll(
          judge.features(
              scenes.subList(i, Math.min(count, i + AT_ONCE)).stream()
                  .map(scene -> Picture.of(Renderer.render(scene, size, size).picture()))
                  .toList()));
    }
    return features;
  }
}
