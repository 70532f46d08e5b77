package dev.latente.tokenizer;

/// Two tokens that join into one.
record Merge(String left, String right) {}
