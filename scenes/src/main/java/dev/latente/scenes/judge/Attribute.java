package dev.latente.scenes.judge;

/// What is asked of a picture.
public enum Attribute {
  TIME,
  GROUND,
  MANNER,
  /// The thing is among the likeliest, of which as many count as were asked for.
  THING,
  /// The thing is there, in the colour asked for.
  COLOUR,
  /// The thing is there, at the place asked for.
  PLACE,
  /// All things of a picture of several are there, each in its own colour.
  BINDING
}
