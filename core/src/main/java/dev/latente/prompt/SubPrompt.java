package dev.latente.prompt;

import java.util.List;

/// One of the parts that `AND` joins.
///
/// @param text schedules and weights still in it
/// @param weight of the part's estimate against the others'
/// @param syntax how the text is read
public record SubPrompt(String text, double weight, PromptSyntax syntax) {
  /// The text at each step.
  public PromptSchedule schedule(Pass pass) {
    return switch (syntax) {
      case PLAIN -> PromptSchedule.constant(text, pass);
      case A1111 -> PromptSchedule.of(text, pass);
    };
  }

  /// The words of a stage and their weights.
  public List<Fragment> fragments(PromptSchedule.Stage stage, Emphasis emphasis) {
    return switch (syntax) {
      case PLAIN -> Emphasis.NONE.fragments(stage.text());
      case A1111 -> emphasis.fragments(stage.text());
    };
  }
}
