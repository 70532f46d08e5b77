package dev.latente.prompt;

/// The steps a schedule is for.
///
/// @param steps how many this pass takes
/// @param stepsBefore how many the passes before it took: steps in a prompt count on from them
/// @param passesBefore how many passes went before it: fractions in a prompt count on from them, 0
///   to 1 the first, 1 to 2 the second
public record Pass(int steps, int stepsBefore, int passesBefore) {
  /// Checks the numbers.
  public Pass {
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be positive: " + steps);
    }
    if (stepsBefore < 0 || passesBefore < 0) {
      throw new IllegalArgumentException(
          "what went before must not be negative: %d steps, %d passes"
              .formatted(stepsBefore, passesBefore));
    }
  }

  /// The only pass, or the first.
  public static Pass first(int steps) {
    return new Pass(steps, 0, 0);
  }

  /// The second pass, at the larger size, of `steps` after `baseSteps`.
  public static Pass hires(int baseSteps, int steps) {
    return new Pass(steps, baseSteps, 1);
  }

  /// The step, at most [#steps()], that `number` names: a fraction of the pass if it has a point.
  int step(String number) {
    double value = Double.parseDouble(number);
    boolean fraction = number.indexOf('.') >= 0;
    double step = fraction ? (value - passesBefore) * steps : value - stepsBefore;
    return Math.min(steps, (int) step); // cut, not rounded, as A1111
  }
}
