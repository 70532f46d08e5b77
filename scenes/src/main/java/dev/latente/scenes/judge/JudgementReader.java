package dev.latente.scenes.judge;

import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Turns a batch's scores into words.
final class JudgementReader {
  private JudgementReader() {}

  static List<Judgement> judgements(JudgeNetwork.Scores scores) {
    long[] times = scores.time().argmax(-1).toLongArray();
    long[] grounds = scores.ground().argmax(-1).toLongArray();
    long[] manners = scores.manner().argmax(-1).toLongArray();
    float[] presences = scores.things().presence().sigmoid().toFloatArray();
    long[] colours = scores.things().colour().argmax(-1).toLongArray();
    long[] places = scores.things().place().argmax(-1).toLongArray();
    int kinds = Thing.values().length;
    List<Judgement> judgements = new ArrayList<>();
    for (int n = 0; n < times.length; n++) {
      List<Judgement.Seen> things = new ArrayList<>();
      for (Thing thing : Thing.values()) {
        int i = n * kinds + thing.ordinal();
        things.add(
            new Judgement.Seen(
                thing,
                presences[i],
                Colour.values()[(int) colours[i]],
                Place.values()[(int) places[i]]));
      }
      things.sort(Comparator.comparingDouble(Judgement.Seen::probability).reversed());
      judgements.add(
          new Judgement(
              TimeOfDay.values()[(int) times[n]],
              Ground.values()[(int) grounds[n]],
              Manner.values()[(int) manners[n]],
              things));
    }
    return List.copyOf(judgements);
  }
}
