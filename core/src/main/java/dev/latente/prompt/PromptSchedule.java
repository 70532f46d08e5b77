package dev.latente.prompt;

import java.util.List;

/// The text of a prompt at each step.
///
/// @param stages one after the other; at least one
public record PromptSchedule(List<Stage> stages) {
  /// A text and how long it holds.
  ///
  /// @param until the last step it holds for, counted from 1; the last stage's is the pass's steps
  /// @param text weights and `BREAK` still in it
  public record Stage(int until, String text) {}

  /// Checks that there is a stage and keeps a copy.
  public PromptSchedule {
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a schedule needs a stage: none");
    }
  }

  /// Reads `[from:to:when]`, `[to:when]`, `[from::when]` and `[a|b|c]`, nested as one likes.
  ///
  /// `when` is a step or, with a point, a fraction of the pass's steps; an alternation takes its
  /// turns step by step. What is no such sign stays as it is, weights among it.
  public static PromptSchedule of(String text, Pass pass) {
    ScheduleProgram program = ScheduleReader.read(text, pass);
    return new PromptSchedule(
        program.ends().stream().map(end -> new Stage(end, program.text(end))).toList());
  }

  /// One text for all steps.
  static PromptSchedule constant(String text, Pass pass) {
    return new PromptSchedule(List.of(new Stage(pass.steps(), text)));
  }

  /// The stage of a step counted from 0.
  ///
  /// A1111 compares a stage's end, counted from 1, with the step counted from 0, so that the first
  /// stage lasts one step longer than it says, and the last one less. So does this, for the sake of
  /// equal pictures.
  public Stage at(int step) {
    for (Stage stage : stages) {
      if (step <= stage.until()) {
        return stage;
      }
    }
    return stages.getLast();
  }
}
