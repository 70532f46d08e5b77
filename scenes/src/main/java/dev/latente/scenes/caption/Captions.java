package dev.latente.scenes.caption;

import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Scene;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Writes captions of a scene. All are true; each may leave attributes out.
///
/// A manner other than plain is always said, so that a caption without a manner means a plain
/// picture.
public final class Captions {
  private static final int EACH = 6;
  private static final Composer.Order[] ORDERS = {
    Composer.Order.THINGS_FIRST,
    Composer.Order.THINGS_FIRST,
    Composer.Order.THINGS_FIRST,
    Composer.Order.PICTURE_OF,
    Composer.Order.TIME_OVER_GROUND,
    Composer.Order.TIME_FIRST,
    Composer.Order.GROUND_WITH,
    Composer.Order.LIST
  };

  private Captions() {}

  /// The captions of a scene, always the same ones: in each language the canonical one and several
  /// others.
  public static List<Caption> of(Scene scene) {
    List<Caption> captions = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(scene.seed() ^ 0x5EED_CA97_1045L);
    for (Language language : Language.values()) {
      Set<Caption> some = new LinkedHashSet<>();
      some.add(canonical(scene, language));
      for (int i = 0; i < 4 * EACH && some.size() < EACH; i++) {
        some.add(write(scene, language, random));
      }
      captions.addAll(some);
    }
    return List.copyOf(captions);
  }

  /// The caption that says everything, in the plainest words and order.
  public static Caption canonical(Scene scene, Language language) {
    Composer composer = new Composer(scene, words(language), Mention.ALL, Choice.first());
    return new Caption(composer.text(Composer.Order.THINGS_FIRST), language);
  }

  /// A caption that says everything, with a wording drawn by lot.
  public static Caption complete(Scene scene, Language language, RandomGenerator random) {
    Composer composer = new Composer(scene, words(language), Mention.ALL, Choice.from(random));
    return new Caption(composer.text(ORDERS[random.nextInt(ORDERS.length)]), language);
  }

  /// A caption that says everything but where things stand and how large they are, with a wording
  /// drawn by lot.
  public static Caption unplaced(Scene scene, Language language, RandomGenerator random) {
    Composer composer = new Composer(scene, words(language), Mention.UNPLACED, Choice.from(random));
    return new Caption(composer.text(ORDERS[random.nextInt(ORDERS.length)]), language);
  }

  /// A caption that says which things stand where, in which colour, and nothing of ground, time and
  /// manner, with a wording drawn by lot.
  public static Caption things(Scene scene, Language language, RandomGenerator random) {
    Composer composer =
        new Composer(plainly(scene), words(language), Mention.THINGS, Choice.from(random));
    return new Caption(composer.text(Composer.Order.THINGS_FIRST), language);
  }

  /// A caption that says everything but the manner, with a wording drawn by lot.
  public static Caption unmannered(Scene scene, Language language, RandomGenerator random) {
    Composer composer =
        new Composer(plainly(scene), words(language), Mention.ALL, Choice.from(random));
    return new Caption(composer.text(Composer.Order.THINGS_FIRST), language);
  }

  private static Scene plainly(Scene scene) {
    return new Scene(scene.time(), scene.ground(), scene.things(), Manner.PLAIN, scene.seed());
  }

  /// A caption with a wording drawn by lot.
  public static Caption write(Scene scene, Language language, RandomGenerator random) {
    Composer composer =
        new Composer(scene, words(language), Mention.some(random), Choice.from(random));
    Composer.Order order = ORDERS[random.nextInt(ORDERS.length)];
    if (order == Composer.Order.PICTURE_OF
        && scene.manner() == Manner.PLAIN
        && random.nextBoolean()) {
      order = Composer.Order.THINGS_FIRST;
    }
    return new Caption(composer.text(order), language);
  }

  private static Words words(Language language) {
    return switch (language) {
      case ENGLISH -> new English();
      case SPANISH -> new Spanish();
    };
  }
}
