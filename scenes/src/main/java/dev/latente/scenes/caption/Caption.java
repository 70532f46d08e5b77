package dev.latente.scenes.caption;

/// A sentence or a list of words that says truly what a scene shows; what it leaves out is not
/// said, never denied.
public record Caption(String text, Language language) {}
