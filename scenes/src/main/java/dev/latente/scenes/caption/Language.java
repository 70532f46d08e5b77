package dev.latente.scenes.caption;

/// A language that captions are written in.
public enum Language {
  ENGLISH("en"),
  SPANISH("es");

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  /// The BCP 47 tag.
  public String tag() {
    return tag;
  }
}
