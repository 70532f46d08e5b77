package dev.latente.pipeline;

import dev.latente.prompt.Emphasis;
import dev.latente.prompt.PromptSyntax;
import java.util.Map;

/// How prompts are read and encoded.
///
/// @param syntax which signs in a prompt mean something
/// @param emphasis what weights in a prompt do
/// @param clipSkip which of the text encoder's layers is listened to, counted from the last as
///   A1111 does: 1 is the model's own choice, 2 the layer before it; of SDXL, whose own choice is
///   the last but one, 1 and 2 mean the same
public record PromptOptions(PromptSyntax syntax, Emphasis emphasis, int clipSkip) {
  /// The deepest layer that can be asked for: CLIP-L has twelve.
  public static final int MAX_CLIP_SKIP = 12;

  /// Checks the number.
  ///
  /// @throws IllegalArgumentException if it is out of its range
  public PromptOptions {
    if (clipSkip < 1 || clipSkip > MAX_CLIP_SKIP) {
      throw new IllegalArgumentException(
          "clip skip must be from 1 to %d: %d".formatted(MAX_CLIP_SKIP, clipSkip));
    }
  }

  /// As A1111's users write prompts.
  public static PromptOptions usual() {
    return new PromptOptions(PromptSyntax.A1111, Emphasis.ORIGINAL, 1);
  }

  /// The same with prompts read in another way.
  public PromptOptions withSyntax(PromptSyntax other) {
    return new PromptOptions(other, emphasis, clipSkip);
  }

  /// The same with weights of another effect.
  public PromptOptions withEmphasis(Emphasis other) {
    return new PromptOptions(syntax, other, clipSkip);
  }

  /// The same with another layer.
  public PromptOptions withClipSkip(int layer) {
    return new PromptOptions(syntax, emphasis, layer);
  }

  /// Puts what is not usual among a picture's parameters, under A1111's names where it has some.
  void note(Map<String, String> values) {
    if (clipSkip > 1) {
      values.put("Clip skip", Integer.toString(clipSkip));
    }
    if (emphasis != Emphasis.ORIGINAL) {
      values.put("Emphasis", emphasis.label());
    }
    switch (syntax) {
      case PLAIN -> values.put("Prompt syntax", "plain");
      case A1111 -> {} // what is meant where nothing is said
    }
  }
}
