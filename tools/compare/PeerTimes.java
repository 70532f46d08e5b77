import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What the stages of one picture took, in seconds.
///
/// @param load from files to a model
/// @param text both prompts
/// @param steps in order
/// @param decode latents to pixels
@SuppressWarnings("DefaultPackage") // run as a file
record PeerTimes(double load, double text, List<Double> steps, double decode) {
  private static final Pattern LINE = Pattern.compile("(?m)^(\\S+) ([\\d.]+)$");
  private static final Pattern PART =
      Pattern.compile("\"stage\":\"([a-z-]+)\",\"seconds\":([\\d.E-]+)");
  private static final Pattern CPP_STEP =
      Pattern.compile("\\b(\\d+)/(\\d+) - ([\\d.]+)(s/it|it/s)");

  PeerTimes {
    steps = List.copyOf(steps);
  }

  /// Of `latente bench --json`.
  static PeerTimes latente(String output, int steps) throws IOException {
    List<Double> each = all(PART, output, "first-step");
    each.addAll(all(PART, output, "step"));
    return of(
        sum(all(PART, output, "open")),
        sum(all(PART, output, "text")),
        each,
        steps,
        sum(all(PART, output, "decode")),
        output);
  }

  /// Of the scripts beside this file, which print a stage and its seconds a line.
  static PeerTimes script(String output, int steps) throws IOException {
    return of(
        sum(all(LINE, output, "load")),
        sum(all(LINE, output, "text")),
        all(LINE, output, "step"),
        steps,
        sum(all(LINE, output, "decode")),
        output);
  }

  /// Of what stable-diffusion.cpp logs.
  static PeerTimes cpp(String output, int steps) throws IOException {
    List<Double> each = new ArrayList<>();
    for (MatchResult match : CPP_STEP.matcher(output).results().toList()) {
      if (Integer.parseInt(match.group(2)) == steps) {
        double number = Double.parseDouble(match.group(3));
        each.add(match.group(4).equals("s/it") ? number : 1 / number);
      }
    }
    return of(
        sum(taking(output, "loading tensors")),
        sum(taking(output, "get_learned_condition")),
        each,
        steps,
        sum(taking(output, "decode_first_stage")),
        output);
  }

  private static PeerTimes of(
      double load, double text, List<Double> each, int steps, double decode, String output)
      throws IOException {
    if (each.size() != steps || !(decode > 0)) {
      throw new IOException(
          "expected the times of %d steps and of the decoder, found %d in:%n%s"
              .formatted(steps, each.size(), output));
    }
    return new PeerTimes(load, text, each, decode);
  }

  private static List<Double> all(Pattern pattern, String output, String stage) {
    List<Double> all = new ArrayList<>();
    pattern
        .matcher(output)
        .results()
        .filter(match -> match.group(1).equals(stage))
        .forEach(match -> all.add(Double.parseDouble(match.group(2))));
    return all;
  }

  private static List<Double> taking(String output, String what) {
    Pattern line = Pattern.compile("(" + what + ") completed, taking ([\\d.]+)s");
    return all(line, output, what);
  }

  private static double sum(List<Double> seconds) {
    return seconds.stream().mapToDouble(Double::doubleValue).sum();
  }

  /// The first step, in which memory is touched.
  double first() {
    return steps.getFirst();
  }

  /// The steps after the first.
  List<Double> later() {
    return steps.subList(1, steps.size());
  }
}
