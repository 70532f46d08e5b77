package dev.latente.prompt;

/// How a prompt is read.
public enum PromptSyntax {
  /// Every character stands for itself, as in diffusers.
  PLAIN,

  /// With the signs of A1111's web UI: weights, schedules, alternation, `BREAK`, `AND`, LoRA tags.
  A1111;

  /// What `text` says to draw. Never fails: what is no sign of the syntax is text.
  public Prompt parse(String text) {
    return switch (this) {
      case PLAIN -> Prompt.plain(text);
      case A1111 -> Prompt.parse(text);
    };
  }

  /// What `text` says to avoid: weights and schedules count, `AND` and tags are text, as A1111 has
  /// it.
  public SubPrompt parseNegative(String text) {
    return new SubPrompt(text, 1, this);
  }
}
