package dev.latente.kernel;

/// The channels `from` to `from + count` of a map's.
record Channels(int from, int count) {}
