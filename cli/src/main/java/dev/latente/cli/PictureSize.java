package dev.latente.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A size as users write it: `768x512`, or `512` for a square.
record PictureSize(int width, int height) {
  private static final Pattern FORM = Pattern.compile("(-?\\d{1,9})(?:[xX×](-?\\d{1,9}))?");

  static PictureSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "size must be WIDTHxHEIGHT, such as 512x512: '%s'".formatted(text));
    }
    int width = Integer.parseInt(matcher.group(1));
    String height = matcher.group(2);
    return new PictureSize(width, height == null ? width : Integer.parseInt(height));
  }
}
