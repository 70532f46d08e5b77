package dev.latente.tokenizer;

/// A token that is found in the text as a whole, before words are cut.
///
/// @param content what stands in the text
/// @param id its number
/// @param normalized whether it is looked for in the normalised text, so in any case of letters
/// @param special whether decoding leaves it out
record AddedToken(String content, int id, boolean normalized, boolean special) {}
