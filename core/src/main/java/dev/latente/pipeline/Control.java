package dev.latente.pipeline;

import dev.latente.image.Picture;

/// A map that guides a picture through a control network.
///
/// @param model the network, which must have been opened for the model that draws
/// @param map what the network is shown, such as edges; it is resized to the picture's size
/// @param weight how strongly it acts, 0 (not at all) to 10; 1 is what it was trained with
/// @param start the share of the steps after which it begins to act, 0 to 1
/// @param end the share of the steps after which it does not act any more, above `start`, up to 1
/// @param reach where it acts
/// @param masked whether the map is shown to the network without what the request redraws, as
///   ControlNets made for inpainting want the picture: with -1 there
public record Control(
    ControlModel model,
    Picture map,
    double weight,
    double start,
    double end,
    Reach reach,
    boolean masked) {
  /// The greatest weight: far past what gives pictures.
  public static final double MAX_WEIGHT = 10;

  /// Where a control acts. T2I-Adapters act everywhere.
  public enum Reach {
    /// In the estimates with and without the prompt.
    BOTH,
    /// In the estimate with the prompt alone, and less in finer features: the picture follows the
    /// map even without a prompt (ControlNet's guess mode).
    PROMPT_ONLY
  }

  public Control {
    requireNumbers(weight, start, end);
  }

  /// Checks what a control is given.
  ///
  /// @throws IllegalArgumentException if a number is out of its range
  public static void requireNumbers(double weight, double start, double end) {
    if (!(weight >= 0 && weight <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "the weight of a control must be from 0 to %.0f: %s".formatted(MAX_WEIGHT, weight));
    }
    if (!(start >= 0 && end <= 1 && start < end)) {
      throw new IllegalArgumentException(
          "a control must act from START to END with 0 <= START < END <= 1: %s-%s"
              .formatted(start, end));
    }
  }

  /// A control of weight 1 over all steps.
  public static Control of(ControlModel model, Picture map) {
    return new Control(model, map, 1, 0, 1, Reach.BOTH, false);
  }

  /// The same with another weight.
  public Control withWeight(double other) {
    return new Control(model, map, other, start, end, reach, masked);
  }

  /// The same for a part of the steps.
  public Control during(double from, double to) {
    return new Control(model, map, weight, from, to, reach, masked);
  }

  /// The same with another reach.
  public Control withReach(Reach other) {
    return new Control(model, map, weight, start, end, other, masked);
  }

  /// The same, whose map is a picture that is shown without what is redrawn of it.
  public Control withMasked() {
    return new Control(model, map, weight, start, end, reach, true);
  }

  /// Whether it acts at `step` of `steps`, counted from 0, as diffusers' `control_guidance_start`
  /// and `control_guidance_end` have it: if the whole step lies between both.
  boolean actsAt(int step, int steps) {
    return step / (double) steps >= start && (step + 1) / (double) steps <= end;
  }
}
