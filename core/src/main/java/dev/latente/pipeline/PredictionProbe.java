package dev.latente.pipeline;

import dev.latente.sampling.NoisePredictor;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.UNet;

/// Tells by asking a network once what it was trained to estimate: the names and shapes of SD 2's
/// weights are the same for `eps` and `v`.
///
/// At the last timestep the input is nearly all noise. A network that estimates the noise gives its
/// input back. One that estimates `v = sqrt(ᾱ) eps - sqrt(1 - ᾱ) clean` gives the negative of the
/// picture it guesses, which has little to do with the noise, and the noise itself 0.07 times. So
/// the slope of the line that fits output against input best is near 1 or near 0. (The A1111 web UI
/// and stable-diffusion.cpp ask once too, with a constant input, and look at the mean of the
/// output.)
final class PredictionProbe {
  /// Half way between the two.
  private static final double THRESHOLD = 0.5;

  /// A multiple of what U-Nets divide sides by; 1024 numbers tell the slope well enough.
  private static final int SIDE = 16;

  private static final int SEED = 0;

  /// Any text does; this is what the A1111 web UI tells.
  private static final double TEXT = 0.5;

  private static final int TOKENS = 2;

  /// The last timestep of Stable Diffusion's training.
  private static final int LAST = 999;

  private PredictionProbe() {}

  /// What a network that is told nothing but text estimates, `eps` or `v`.
  static Prediction of(UNet unet, Device device, Precision precision) {
    try (Scope _ = Scope.open()) {
      Tensor text = Tensor.full(TEXT, 1, TOKENS, unet.config().crossAttentionDim());
      Conditioning told = Conditioning.of(text.to(device).to(precision));
      NoisePredictor network =
          (x, timestep) ->
              unet.predict(x.to(device).to(precision), Tensor.full(timestep, 1).to(device), told)
                  .to(Precision.F32);
      return of(network, unet.config().inChannels(), LAST);
    }
  }

  /// What `network` estimates, `eps` or `v`.
  ///
  /// @param channels of its input
  /// @param last timestep of its training
  static Prediction of(NoisePredictor network, int channels, int last) {
    try (Scope _ = Scope.open()) {
      Tensor noise = RandomNoise.seeded(SEED).normal(1, channels, SIDE, SIDE);
      Tensor output = network.predict(noise, last);
      return slope(noise.toFloatArray(), output.contiguous().toFloatArray()) > THRESHOLD
          ? Prediction.EPSILON
          : Prediction.V_PREDICTION;
    }
  }

  /// The slope of the line through `outputs` against `inputs`, by least squares.
  static double slope(float[] inputs, float[] outputs) {
    double meanIn = mean(inputs);
    double meanOut = mean(outputs);
    double both = 0;
    double squares = 0;
    for (int i = 0; i < inputs.length; i++) {
      both += (inputs[i] - meanIn) * (outputs[i] - meanOut);
      squares += (inputs[i] - meanIn) * (inputs[i] - meanIn);
    }
    return both / squares;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
