package dev.latente.hub;

import java.time.Duration;

/// How far a fetch is. What was in the cache before it began is not counted.
///
/// @param file the file on its way
/// @param number its number among the files to fetch, from 1
/// @param files how many there are
/// @param done bytes fetched of all files
/// @param total bytes to fetch of all files, as far as the server says
/// @param pause how long the next attempt is waited for; zero if nothing is wrong
public record Transfer(String file, int number, int files, long done, long total, Duration pause) {}
