package dev.latente.pipeline;

/// Where the time of a picture went, in seconds.
///
/// Pictures of a batch share its time evenly.
///
/// @param text encoding the prompts, once for all pictures of a request
/// @param denoise all steps of the sampler
/// @param decode latents to pixels
public record StageSeconds(double text, double denoise, double decode) {
  /// All stages together.
  public double total() {
    return text + denoise + decode;
  }
}
