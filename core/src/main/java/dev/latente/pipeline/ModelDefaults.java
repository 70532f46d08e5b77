package dev.latente.pipeline;

import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;

/// What a model is sampled with unless a request says otherwise.
///
/// @param width of the pictures it was trained on, in pixels
/// @param height of the pictures it was trained on, in pixels
/// @param steps sampler steps
/// @param guidance scale of classifier-free guidance
/// @param sampler of the model's own scheduler
/// @param schedule of the model's own scheduler; another sampler may visit other levels
/// @param hiresStrength how much of an enlarged picture a second pass changes
public record ModelDefaults(
    int width,
    int height,
    int steps,
    double guidance,
    SamplerKind sampler,
    Schedule schedule,
    double hiresStrength) {

  /// A second pass over a picture `scale` times wider and higher. Below the strength that enlarged
  /// latents need, pixels are enlarged.
  ///
  /// @throws IllegalArgumentException if the scale or the model's strength is out of range
  public HiresOptions hires(double scale) {
    HiresOptions options = HiresOptions.of(scale).withStrength(hiresStrength);
    return hiresStrength < HiresUpscaler.LEAST_LATENT_STRENGTH
        ? options.withUpscaler(HiresUpscaler.PIXEL)
        : options;
  }

  /// A request with this size, steps and guidance, to be changed.
  ImageRequest.Builder request(String prompt) {
    return ImageRequest.builder(prompt).size(width, height).steps(steps).guidance(guidance);
  }
}
