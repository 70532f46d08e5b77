package dev.latente.pipeline;

import dev.latente.image.Picture;
import java.util.function.Supplier;

/// How far a request has come.
///
/// @param picture which picture is being drawn, counted from 1
/// @param pictures how many there will be
/// @param step which of its steps is being taken, counted from 1
/// @param steps how many it takes
/// @param taken steps of all pictures, this one included; a refiner takes its steps of all pictures
///   after the first model has taken its own
/// @param preview draws a quick look at the current estimate of the picture when asked: small, then
///   enlarged, or by the tiny autoencoder that the model was opened with; to be asked only while
///   the listener is called
public record Progress(
    int picture, int pictures, int step, int steps, long taken, Supplier<Picture> preview) {}
