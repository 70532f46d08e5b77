package dev.latente.cli;

import dev.latente.pipeline.PromptOptions;
import dev.latente.prompt.Emphasis;
import dev.latente.prompt.PromptSyntax;
import java.util.Locale;
import picocli.CommandLine.Option;

/// How prompts are read.
///
/// Filled in by the command line; not thread-safe.
final class PromptMixin {
  @Option(names = "--prompt-syntax", paramLabel = "a1111|plain", descriptionKey = "prompt-syntax")
  private String syntax = "a1111";

  @Option(names = "--emphasis", paramLabel = "NAME", descriptionKey = "emphasis")
  private Emphasis emphasis = Emphasis.ORIGINAL;

  @Option(names = "--clip-skip", paramLabel = "N", descriptionKey = "clip-skip")
  private int clipSkip = 1;

  /// The options asked for.
  ///
  /// @throws IllegalArgumentException if one is out of range or unknown
  PromptOptions options() {
    return new PromptOptions(syntax(), emphasis, clipSkip);
  }

  private PromptSyntax syntax() {
    return switch (syntax.toLowerCase(Locale.ROOT)) {
      case "a1111" -> PromptSyntax.A1111;
      case "plain" -> PromptSyntax.PLAIN;
      default ->
          throw new IllegalArgumentException("--prompt-syntax must be a1111 or plain: " + syntax);
    };
  }
}
