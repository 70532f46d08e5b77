package dev.latente.cli;

import dev.latente.cli.Bench.Part;
import dev.latente.cli.Bench.Stage;
import dev.latente.cli.Bench.Summary;
import dev.latente.tensor.OperationCost;
import dev.latente.tensor.OperationKind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was measured, for people.
record BenchTable(Words words) {
  private static final double GIGA = 1e9;
  private static final double SHOWN = 0.002; // of a stage's time: what takes less is not told

  /// Each stage's time, arithmetic and memory.
  String stages(Bench bench) {
    StringBuilder text = new StringBuilder();
    text.append(
        words.say(
            "bench-model",
            bench.model(),
            bench.request().width(),
            bench.request().height(),
            bench.request().steps(),
            bench.request().guidance()));
    text.append(words.say("bench-machine", Machine.processor(), bench.threads()));
    if (bench.peak() > 0) {
      text.append(words.say("bench-peak-found", bench.peak() / GIGA));
    }
    text.append(words.say("bench-stages"));
    for (Summary stage : bench.summaries()) {
      double rate = stage.flops() / stage.seconds();
      text.append(
          "%n%-12s %5d %9.3f %7.3f %9.1f %9.1f %s %s"
              .formatted(
                  words.say("bench-" + name(stage.stage())),
                  stage.count(),
                  stage.seconds(),
                  stage.spread(),
                  stage.flops() / GIGA,
                  rate / GIGA,
                  bench.peak() > 0 ? "%6.0f %%".formatted(100 * rate / bench.peak()) : "       -",
                  gigabytes(stage.peakMemory())));
    }
    text.append(words.say("bench-peak-memory", gigabytes(bench.peakMemory()).strip()));
    if (bench.resident().size() > 1) {
      text.append(
          words.say(
              "bench-growth",
              bench.resident().size(),
              gigabytes(bench.resident().getFirst()).strip(),
              gigabytes(bench.resident().getLast()).strip()));
    }
    return text.toString();
  }

  private static String gigabytes(long bytes) {
    return bytes < 0 ? "       -" : "%8.2f".formatted(bytes / GIGA);
  }

  /// The name of a stage in messages and in JSON.
  static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Where the time of a later step went (of the first if there is no other), and of the decoder.
  String profile(Bench bench) {
    Stage step =
        bench.parts().stream().anyMatch(part -> part.stage() == Stage.STEP)
            ? Stage.STEP
            : Stage.FIRST_STEP;
    return profile(bench, step) + profile(bench, Stage.DECODE);
  }

  private String profile(Bench bench, Stage stage) {
    List<Part> parts = bench.parts().stream().filter(part -> part.stage() == stage).toList();
    List<Line> lines = lines(parts);
    double whole = parts.stream().mapToDouble(Part::seconds).sum() / parts.size();
    StringBuilder text =
        new StringBuilder(words.say("bench-profile", words.say("bench-" + name(stage)), whole));
    Map<OperationKind, Line> kinds = new LinkedHashMap<>();
    lines.forEach(line -> kinds.merge(line.kind(), line.total(), Line::plus));
    double operations = kinds.values().stream().mapToDouble(Line::seconds).sum();
    for (Line kind : sorted(kinds.values().stream().toList())) {
      append(text, words.say("bench-kind-" + kind.kind().label()), "", kind, whole);
      for (Line line : sorted(lines)) {
        if (line.kind() == kind.kind() && line.seconds() > SHOWN * whole) {
          String where = line.positions() > 0 ? Long.toString(line.positions()) : "";
          append(text, "  " + line.name(), where, line, whole);
        }
      }
    }
    Line between = new Line(OperationKind.REST, "", 0, 0, whole - operations, 0);
    append(text, words.say("bench-between"), "", between, whole);
    return text.toString();
  }

  /// A line of the table: operations of one sort in one part of a stage.
  private record Line(
      OperationKind kind, String name, long positions, double calls, double seconds, double flops) {
    Line plus(Line other) {
      return new Line(
          kind, name, positions, calls + other.calls, seconds + other.seconds, flops + other.flops);
    }

    /// As a line of its whole kind.
    Line total() {
      return new Line(kind, "", 0, calls, seconds, flops);
    }
  }

  private record Sort(OperationKind kind, String name, long positions) {}

  private static List<Line> lines(List<Part> parts) {
    Map<Sort, Line> lines = new LinkedHashMap<>();
    double share = 1.0 / parts.size();
    for (Part part : parts) {
      for (OperationCost cost : part.operations()) {
        lines.merge(
            new Sort(cost.kind(), cost.name(), cost.positions()),
            new Line(
                cost.kind(),
                cost.name(),
                cost.positions(),
                share * cost.calls(),
                share * cost.seconds(),
                share * cost.flops()),
            Line::plus);
      }
    }
    return List.copyOf(lines.values());
  }

  private static List<Line> sorted(List<Line> lines) {
    return lines.stream().sorted(Comparator.comparingDouble(Line::seconds).reversed()).toList();
  }

  private static void append(
      StringBuilder text, String name, String where, Line line, double whole) {
    String rate =
        line.flops() > 0
            ? "%9.1f %9.1f".formatted(line.flops() / GIGA, line.flops() / line.seconds() / GIGA)
            : "";
    text.append(
        "%n%-18s %8s %7.0f %9.3f %6.1f %% %s"
            .formatted(
                name, where, line.calls(), line.seconds(), 100 * line.seconds() / whole, rate)
            .stripTrailing());
  }
}
