package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MarksTest {
  private static final Placed BOAT = new Placed(Thing.BOAT, Colour.RED, Size.LARGE, Place.LEFT);
  private static final Placed HOUSE = new Placed(Thing.HOUSE, Colour.BLUE, Size.LARGE, Place.RIGHT);

  private static Scene scene(Placed... things) {
    return new Scene(TimeOfDay.NOON, Ground.LAKE, List.of(things), Manner.OIL, 1);
  }

  private static Judgement judgement(Judgement.Seen... things) {
    return new Judgement(TimeOfDay.NOON, Ground.SEA, Manner.OIL, List.of(things));
  }

  private static Judgement.Seen seen(Thing thing, double probability, Colour colour, Place place) {
    return new Judgement.Seen(thing, probability, colour, place);
  }

  @Test
  void eachAttributeIsMarkedByItself() {
    Marks marks = Marks.of(scene(BOAT), judgement(seen(Thing.BOAT, 0.9, Colour.RED, Place.CENTRE)));
    assertThat(marks.share(Attribute.TIME)).isEqualTo(new Share(1, 1));
    assertThat(marks.share(Attribute.GROUND)).isEqualTo(new Share(0, 1));
    assertThat(marks.share(Attribute.MANNER)).isEqualTo(new Share(1, 1));
    assertThat(marks.share(Attribute.THING)).isEqualTo(new Share(1, 1));
    assertThat(marks.share(Attribute.COLOUR)).isEqualTo(new Share(1, 1));
    assertThat(marks.share(Attribute.PLACE)).isEqualTo(new Share(0, 1));
    assertThat(marks.share(Attribute.BINDING)).isEqualTo(Share.NONE);
    assertThat(marks.isColoured()).isTrue(); // of one thing as of two
  }

  @Test
  void colourAndPlaceOfAThingThatIsNotThereAreWrong() {
    Marks marks =
        Marks.of(
            scene(BOAT),
            judgement(
                seen(Thing.CAR, 0.8, Colour.RED, Place.LEFT),
                seen(Thing.BOAT, 0.7, Colour.RED, Place.LEFT)));
    assertThat(marks.share(Attribute.THING).right()).isZero();
    assertThat(marks.share(Attribute.COLOUR).right()).isZero();
    assertThat(marks.share(Attribute.PLACE).right()).isZero();
  }

  @Test
  void ofTwoThingsEachCountsAndBindingNeedsBoth() {
    Marks marks =
        Marks.of(
            scene(BOAT, HOUSE),
            judgement(
                seen(Thing.HOUSE, 0.9, Colour.RED, Place.RIGHT),
                seen(Thing.BOAT, 0.6, Colour.RED, Place.LEFT)));
    assertThat(marks.share(Attribute.THING)).isEqualTo(new Share(2, 2));
    assertThat(marks.share(Attribute.COLOUR)).isEqualTo(new Share(1, 2));
    assertThat(marks.share(Attribute.PLACE)).isEqualTo(new Share(2, 2));
    assertThat(marks.share(Attribute.BINDING)).isEqualTo(new Share(0, 1));
    assertThat(marks.isColoured()).isFalse();
  }

  @Test
  void marksAddUp() {
    Marks right = Marks.of(scene(BOAT), judgement(seen(Thing.BOAT, 1, Colour.RED, Place.LEFT)));
    Marks wrong = Marks.of(scene(BOAT), judgement(seen(Thing.TREE, 1, Colour.RED, Place.LEFT)));
    assertThat(right.plus(wrong).plus(Marks.NONE).share(Attribute.THING))
        .isEqualTo(new Share(1, 2));
    assertThat(Marks.NONE.share(Attribute.THING).value()).isZero();
  }
}
