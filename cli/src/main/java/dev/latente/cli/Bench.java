package dev.latente.cli;

import dev.latente.pipeline.ImageRequest;
import dev.latente.tensor.OperationCost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was measured.
///
/// @param model what users call it
/// @param request of the pictures
/// @param threads that operations used
/// @param peak the most arithmetic the machine was seen to do, in operations a second; 0 if that
///   was not measured
/// @param parts in the order they were done
/// @param resident the memory in use after each picture, in bytes
record Bench(
    String model,
    ImageRequest request,
    int threads,
    double peak,
    List<Part> parts,
    List<Long> resident) {

  Bench {
    parts = List.copyOf(parts);
    resident = List.copyOf(resident);
  }

  /// What is measured by itself.
  enum Stage {
    /// From nothing to a model in memory.
    OPEN,
    /// The prompts.
    TEXT,
    /// The first step, in which memory is touched and kernels are made.
    FIRST_STEP,
    /// Each step after that.
    STEP,
    /// Latents to pixels.
    DECODE
  }

  /// One stage, once.
  ///
  /// @param peakMemory the most in use meanwhile, in bytes
  record Part(Stage stage, double seconds, long peakMemory, List<OperationCost> operations) {
    double flops() {
      return operations.stream().mapToDouble(OperationCost::flops).sum();
    }
  }

  /// All parts of one stage.
  ///
  /// @param seconds a part took in the mean
  /// @param spread between the quickest and the slowest part, in seconds
  /// @param flops of one part
  record Summary(
      Stage stage, int count, double seconds, double spread, double flops, long peakMemory) {}

  /// The parts of each stage together.
  List<Summary> summaries() {
    Map<Stage, List<Part>> byStage = new LinkedHashMap<>();
    parts.forEach(part -> byStage.computeIfAbsent(part.stage(), _ -> new ArrayList<>()).add(part));
    return byStage.entrySet().stream().map(all -> summary(all.getKey(), all.getValue())).toList();
  }

  private static Summary summary(Stage stage, List<Part> parts) {
    var seconds = parts.stream().mapToDouble(Part::seconds).summaryStatistics();
    return new Summary(
        stage,
        parts.size(),
        seconds.getAverage(),
        seconds.getMax() - seconds.getMin(),
        parts.getLast().flops(),
        parts.stream().mapToLong(Part::peakMemory).max().orElse(-1));
  }

  /// The most memory in use, in bytes; -1 where the system does not tell.
  long peakMemory() {
    return parts.stream().mapToLong(Part::peakMemory).max().orElse(-1);
  }
}
