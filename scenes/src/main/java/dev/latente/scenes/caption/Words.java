package dev.latente.scenes.caption;

import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.TimeOfDay;

/// The words of one language.
interface Words {
  /// "a small red boat".
  String thing(Placed placed, Mention mention, Choice choice);

  /// "small red boat".
  String bareThing(Placed placed, Mention mention, Choice choice);

  /// "on the left".
  String place(Place place, Choice choice);

  /// "left".
  String barePlace(Place place);

  /// "on a calm lake".
  String where(Ground ground, Footing footing, Choice choice);

  /// "a calm lake".
  String ground(Ground ground, Choice choice);

  /// "calm lake".
  String bareGround(Ground ground, Choice choice);

  /// "at sunset".
  String when(TimeOfDay time, Choice choice);

  /// "sunset".
  String time(TimeOfDay time, Choice choice);

  /// "oil painting"; empty for the plain manner.
  String manner(Manner manner, Choice choice);

  /// "an oil painting of".
  String pictureOf(Manner manner, Choice choice);

  String and();

  String with();

  String over();
}
