package dev.latente.scenes.world;

/// One thing of a scene with its attributes.
public record Placed(Thing thing, Colour colour, Size size, Place place) {}
