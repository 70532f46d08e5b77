package dev.latente.training;

/// How far training is.
///
/// @param step steps done
/// @param steps all steps
/// @param loss mean of the last steps' losses
/// @param gradientNorm Euclidean norm of the last gradient, before clipping
/// @param samplesPerSecond rate since the start or resumption
/// @param secondsLeft estimate of the time to the end
public record TrainingProgress(
    long step,
    long steps,
    double loss,
    double gradientNorm,
    double samplesPerSecond,
    double secondsLeft) {}
