package dev.latente.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Takes the tags, `<kind:arguments>`, out of a prompt.
///
/// @param text what is left
/// @param loras in the order of the prompt
/// @param unknown tags of another kind, or that do not read as a LoRA's, as they stood
record Tags(String text, List<LoraTag> loras, List<String> unknown) {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+");

  static Tags read(String text) {
    StringBuilder left = new StringBuilder();
    List<LoraTag> loras = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    int last = text.lastIndexOf('>');
    int at = 0;
    while (at < text.length()) {
      int colon = at < last && text.charAt(at) == '<' ? colon(text, at) : -1;
      int end = colon < 0 || colon > last ? -1 : text.indexOf('>', colon);
      if (end <= colon + 1) {
        left.append(text.charAt(at++));
        continue;
      }
      String kind = text.substring(at + 1, colon);
      Optional<LoraTag> lora =
          kind.equals("lora") || kind.equals("lyco")
              ? lora(text.substring(colon + 1, end))
              : Optional.empty();
      String tag = text.substring(at, end + 1);
      lora.ifPresentOrElse(loras::add, () -> unknown.add(tag));
      at = end + 1;
    }
    return new Tags(left.toString(), List.copyOf(loras), List.copyOf(unknown));
  }

  /// Where the colon is that ends the word after the `<` at `at`; -1 if none does.
  private static int colon(String text, int at) {
    int end = at + 1;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return end > at + 1 && end < text.length() && text.charAt(end) == ':' ? end : -1;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /// `name:te:unet`, or `te=` and `unet=` in any place after the name; what is not said of the
  /// U-Net is as of the text encoders.
  ///
  /// The order is that of A1111's code, whose pictures bring such tags along.
  private static Optional<LoraTag> lora(String arguments) {
    String[] parts = arguments.split(":", -1);
    List<String> inOrder = new ArrayList<>();
    Map<String, String> named = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      if (pair.length == 2) {
        named.put(pair[0].strip(), pair[1].strip());
      } else {
        inOrder.add(pair[0].strip());
      }
    }
    String te = named.getOrDefault("te", inOrder.isEmpty() ? "1" : inOrder.get(0));
    String unet = named.getOrDefault("unet", inOrder.size() > 1 ? inOrder.get(1) : te);
    return isNumber(unet) && isNumber(te) && !parts[0].isBlank()
        ? Optional.of(new LoraTag(parts[0].strip(), number(unet), number(te)))
        : Optional.empty();
  }

  private static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches() && Double.isFinite(number(text));
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }
}
