package dev.latente.pipeline;

import dev.latente.sampling.Prediction;
import dev.latente.sampling.SchedulerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// What is seldom changed about sampling.
///
/// @param eta how much of the noise is renewed at each step, 0 or more: for DDIM and TCD and the
///   samplers with `a` or `SDE` in their names; each has its own usual value
/// @param guidanceRescale how much of the contrast that guidance adds is taken back, 0 to 1: [Lin
///   et al. (2023)](https://arxiv.org/abs/2305.08891), section 3.4
/// @param prediction what the network estimates, if the model's files are wrong or silent about it
/// @param zeroTerminalSnr whether to begin from pure noise, as some models were trained: ibid.,
///   section 3.1; if false, as the model says
/// @param upscaleNoise for models that enlarge a picture: how noisy it is made before, a level of 0
///   or more, up to what the model knows; more noise lets the model invent more
/// @param shortcuts ways to a picture with less work
public record SamplingOptions(
    OptionalDouble eta,
    double guidanceRescale,
    Optional<Prediction> prediction,
    boolean zeroTerminalSnr,
    int upscaleNoise,
    Shortcuts shortcuts) {

  /// The greatest `eta`: noise grows far past what a sampler can remove.
  public static final double MAX_ETA = 10;

  /// diffusers' `StableDiffusionUpscalePipeline`.
  public static final int USUAL_UPSCALE_NOISE = 20;

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public SamplingOptions {
    eta.ifPresent(value -> requireRange("eta", value, MAX_ETA));
    requireRange("guidance rescale", guidanceRescale, 1);
    if (upscaleNoise < 0) {
      throw new IllegalArgumentException("upscale noise must not be negative: " + upscaleNoise);
    }
  }

  /// As the model and the sampler say.
  public static SamplingOptions usual() {
    return new SamplingOptions(
        OptionalDouble.empty(), 0, Optional.empty(), false, USUAL_UPSCALE_NOISE, Shortcuts.none());
  }

  /// The same with another `eta`.
  public SamplingOptions withEta(double value) {
    return new SamplingOptions(
        OptionalDouble.of(value),
        guidanceRescale,
        prediction,
        zeroTerminalSnr,
        upscaleNoise,
        shortcuts);
  }

  /// The same with guidance rescaled.
  public SamplingOptions withGuidanceRescale(double share) {
    return new SamplingOptions(eta, share, prediction, zeroTerminalSnr, upscaleNoise, shortcuts);
  }

  /// The same for a network that estimates something else than its files say.
  public SamplingOptions withPrediction(Prediction other) {
    return new SamplingOptions(
        eta, guidanceRescale, Optional.of(other), zeroTerminalSnr, upscaleNoise, shortcuts);
  }

  /// The same from pure noise, or as the model says.
  public SamplingOptions withZeroTerminalSnr(boolean pure) {
    return new SamplingOptions(eta, guidanceRescale, prediction, pure, upscaleNoise, shortcuts);
  }

  /// The same with another level of noise for a picture that is enlarged.
  public SamplingOptions withUpscaleNoise(int level) {
    return new SamplingOptions(eta, guidanceRescale, prediction, zeroTerminalSnr, level, shortcuts);
  }

  /// The same with other shortcuts.
  public SamplingOptions withShortcuts(Shortcuts taken) {
    return new SamplingOptions(
        eta, guidanceRescale, prediction, zeroTerminalSnr, upscaleNoise, taken);
  }

  /// A model's scheduler with these changes.
  SchedulerConfig changed(SchedulerConfig config) {
    SchedulerConfig changed = config;
    if (eta.isPresent()) {
      changed = changed.with("eta", eta.getAsDouble());
    }
    if (prediction.isPresent()) {
      changed = changed.with("prediction_type", prediction.get().configName());
    }
    return zeroTerminalSnr
        ? changed.with("rescale_betas_zero_snr", true).with("timestep_spacing", "trailing")
        : changed;
  }

  /// Puts what is not usual among a picture's parameters, under A1111's names where it has some.
  void note(Map<String, String> values) {
    eta.ifPresent(value -> values.put("Eta", GeneratedImage.plain(value)));
    if (guidanceRescale != 0) {
      values.put("Guidance rescale", GeneratedImage.plain(guidanceRescale));
    }
    prediction.ifPresent(kind -> values.put("Prediction", kind.configName()));
    if (upscaleNoise != USUAL_UPSCALE_NOISE) {
      values.put("Upscale noise", Integer.toString(upscaleNoise));
    }
    if (zeroTerminalSnr) {
      values.put("Noise Schedule", "Zero Terminal SNR");
    }
    shortcuts.note(values);
  }

  private static void requireRange(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %.0f: %s".formatted(name, most, value));
    }
  }
}
