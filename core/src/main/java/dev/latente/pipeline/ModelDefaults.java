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
public record ModelDefaults(
    int width, int height, int steps, double guidance, SamplerKind sampler, Schedule schedule) {

  /// A request with this size, steps and guidance, to be changed.
  ImageRequest.Builder request(String prompt) {
    return ImageRequest.builder(prompt).size(width, height).steps(steps).guidance(guidance);
  }
}
