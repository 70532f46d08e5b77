package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import dev.latente.scenes.SceneFolder;
import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.judge.GuidedEvaluation.Guided;
import dev.latente.scenes.judge.GuidedEvaluation.Measure;
import dev.latente.scenes.judge.GuidedEvaluation.Plain;
import dev.latente.scenes.judge.GuidedEvaluation.Progress;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Scene;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Measures whether pictures follow a reference in what the prompt leaves unsaid, and the prompt in
/// what it says.
///
/// @param of which scenes
/// @param guided draws after a reference
/// @param plain draws without
record ReferenceEvaluation(GuidedEvaluation of, Guided<Picture> guided, Plain plain) {

  /// Pictures of one kind of prompt.
  private record Drawn(List<Picture> with, List<Picture> without) {
    static Drawn none() {
      return new Drawn(new ArrayList<>(), new ArrayList<>());
    }
  }

  List<Measure> run(Judge judge, Progress progress) throws IOException {
    int count = of.count();
    List<Scene> references = mannered();
    List<Picture> shown =
        references.stream()
            .map(scene -> Picture.of(GuidedEvaluation.render(scene).picture()))
            .toList();
    Drawn things = Drawn.none();
    Drawn complete = Drawn.none();
    for (int i = 0; i < count; i++) {
      draw(things, prompt(i, false), i, shown.get(i));
      draw(complete, prompt(i, true), i, shown.get(i));
      progress.drawn(i + 1, count);
    }
    List<Judgement> thingsWith = judge.judge(things.with());
    List<Judgement> thingsWithout = judge.judge(things.without());
    List<Judgement> completeWith = judge.judge(complete.with());
    List<Judgement> completeWithout = judge.judge(complete.without());
    return of.measures(
        new double[] {
          distance(things.with(), shown, 0),
          distance(things.with(), shown, 1),
          distance(things.without(), shown, 0),
          inManner(thingsWith, references),
          inManner(thingsWithout, references),
          coloured(thingsWith),
          coloured(thingsWithout),
          inManner(completeWith, references),
          inManner(completeWithout, references),
          located(completeWith),
          located(completeWithout)
        },
        "colour distance from the reference (0 to 1)",
        "  from another picture's reference",
        "  from the reference, drawn without it",
        "share in the reference's manner, as the judge sees it",
        "  drawn without it",
        "share whose things have the prompt's colours",
        "  drawn without it",
        "prompts that say all but the manner: in the reference's manner",
        "  drawn without it",
        "  ground and time are the prompt's",
        "  drawn without it");
  }

  private void draw(Drawn drawn, String prompt, int index, Picture reference) throws IOException {
    long seed = of.seed() + index;
    drawn.with().add(guided.draw(prompt, seed, reference));
    drawn.without().add(plain.draw(prompt, seed));
  }

  private String prompt(int index, boolean complete) {
    Scene scene = of.scene(index);
    Language language = Language.values()[index % Language.values().length];
    SplittableRandom random = new SplittableRandom(scene.seed() ^ GuidedEvaluation.WORDING);
    return (complete
            ? Captions.unmannered(scene, language, random)
            : Captions.things(scene, language, random))
        .text();
  }

  /// The sum of the pictures' colour distances from the references `shift` further on.
  private static double distance(List<Picture> pictures, List<Picture> references, int shift) {
    int count = pictures.size();
    return IntStream.range(0, count)
        .mapToDouble(
            i -> ColourDistance.between(pictures.get(i), references.get((i + shift) % count)))
        .sum();
  }

  private static double inManner(List<Judgement> judgements, List<Scene> references) {
    return count(judgements, i -> judgements.get(i).manner() == references.get(i).manner());
  }

  private double coloured(List<Judgement> judgements) {
    return count(judgements, i -> Marks.of(of.scene(i), judgements.get(i)).isColoured());
  }

  private double located(List<Judgement> judgements) {
    return count(
        judgements,
        i ->
            judgements.get(i).ground() == of.scene(i).ground()
                && judgements.get(i).time() == of.scene(i).time());
  }

  private static double count(List<Judgement> judgements, IntPredicate right) {
    return IntStream.range(0, judgements.size()).filter(right).count();
  }

  private List<Scene> mannered() {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> Scene.random(SceneFolder.sceneSeed(~of.seed(), i)))
        .filter(scene -> scene.manner() != Manner.PLAIN)
        .limit(of.count())
        .toList();
  }
}
