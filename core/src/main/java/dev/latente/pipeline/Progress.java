package dev.latente.pipeline;

import dev.latente.image.Picture;
import java.util.List;
import java.util.function.Supplier;

/// How far a request has come.
///
/// @param picture which picture is being drawn, counted from 1; the first of those that are drawn
///   together
/// @param together how many are drawn together
/// @param pictures how many there will be
/// @param step which of its steps is being taken, counted from 1
/// @param steps how many it takes
/// @param taken steps of all pictures, this one included; a refiner takes its steps of all pictures
///   after the first model has taken its own
/// @param previews draws quick looks at the current estimates of the pictures that are drawn
///   together when asked: small, then enlarged, or by the tiny autoencoder that the model was
///   opened with; to be asked only while the listener is called
public record Progress(
    int picture,
    int together,
    int pictures,
    int step,
    int steps,
    long taken,
    Supplier<List<Picture>> previews) {}
