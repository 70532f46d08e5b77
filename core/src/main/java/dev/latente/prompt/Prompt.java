package dev.latente.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a prompt says.
///
/// @param parts those that `AND` joins; at least one
/// @param loras the LoRAs it names
/// @param unknownTags `<kind:arguments>` that mean nothing here, as they stood; they are not drawn
public record Prompt(List<SubPrompt> parts, List<LoraTag> loras, List<String> unknownTags) {
  private static final Pattern AND = Pattern.compile("(?U)\\bAND\\b");
  private static final Pattern WEIGHT = Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)");

  /// Checks that there is a part and keeps copies.
  public Prompt {
    parts = List.copyOf(parts);
    loras = List.copyOf(loras);
    unknownTags = List.copyOf(unknownTags);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a prompt needs a part: none");
    }
  }

  static Prompt plain(String text) {
    return new Prompt(List.of(new SubPrompt(text, 1, PromptSyntax.PLAIN)), List.of(), List.of());
  }

  static Prompt parse(String text) {
    Tags tags = Tags.read(text);
    List<SubPrompt> parts = new ArrayList<>();
    Matcher and = AND.matcher(tags.text());
    int from = 0;
    while (and.find()) {
      parts.add(part(tags.text().substring(from, and.start())));
      from = and.end();
    }
    parts.add(part(tags.text().substring(from)));
    return new Prompt(parts, tags.loras(), tags.unknown());
  }

  /// A part and the weight that may end it: `a cat :0.8`.
  private static SubPrompt part(String source) {
    String text = source.stripTrailing();
    int colon = text.lastIndexOf(':');
    String number = text.substring(colon + 1).strip();
    if (colon < 0 || !WEIGHT.matcher(number).matches()) {
      return new SubPrompt(text, 1, PromptSyntax.A1111);
    }
    double weight = Double.parseDouble(number);
    String words = text.substring(0, colon).stripTrailing();
    return new SubPrompt(words, weight, PromptSyntax.A1111);
  }
}
