package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// The noise levels of a model's training: forward diffusion.
///
/// At timestep t, 0 to T - 1, a training sample is `sqrt(ᾱ_t) clean + sqrt(1 - ᾱ_t) eps`: [Ho et
/// al. (2020)](https://arxiv.org/abs/2006.11239), equation 4. Seen as `clean + σ_t eps`, divided by
/// sqrt(1 + σ²), the same level is `σ_t = sqrt((1 - ᾱ_t) / ᾱ_t)`.
public final class NoiseSchedule {
  /// Where pure noise is cut off by schedulers that divide by `sqrt(ᾱ)`; diffusers' number.
  static final double SMALLEST_ALPHA = 0x1p-24;

  private final float[] alphasCumprod;
  private final float[] sigmas;
  private final double[] logSigmas;

  private NoiseSchedule(float[] alphasCumprod) {
    this.alphasCumprod = alphasCumprod;
    int steps = alphasCumprod.length;
    this.sigmas = new float[steps];
    this.logSigmas = new double[steps];
    for (int t = 0; t < steps; t++) {
      sigmas[t] = (float) Math.sqrt((1 - alphasCumprod[t]) / alphasCumprod[t]);
      logSigmas[t] = (float) Math.log(sigmas[t]); // rounded as in other programs
      if (!(sigmas[t] > (t == 0 ? 0 : sigmas[t - 1])) || Float.isInfinite(sigmas[t])) {
        throw new IllegalArgumentException(
            "noise must grow with each timestep and stay finite: alpha_cumprod[%d] = %s"
                .formatted(t, alphasCumprod[t]));
      }
    }
  }

  /// The levels of a formula for the variances.
  ///
  /// @param start `β_0`, above 0
  /// @param end `β_(T - 1)`, below 1
  /// @param steps T
  public static NoiseSchedule of(BetaSchedule schedule, double start, double end, int steps) {
    return ofBetas(schedule.betas(start, end, steps));
  }

  /// The levels of given variances `β_t`, each between 0 and 1.
  public static NoiseSchedule ofBetas(float... betas) {
    return new NoiseSchedule(cumulative(betas));
  }

  /// The levels of given `ᾱ_t`, decreasing, each between 0 and 1.
  public static NoiseSchedule ofAlphasCumprod(float... alphasCumprod) {
    return new NoiseSchedule(alphasCumprod.clone());
  }

  /// Stable Diffusion's training noise: 1000 levels, σ from 0.029 to 14.6.
  public static NoiseSchedule stableDiffusion() {
    return of(BetaSchedule.SCALED_LINEAR, 0.00085, 0.012, 1000);
  }

  /// The levels moved so that the last is pure noise: [Lin et al.
  /// (2023)](https://arxiv.org/abs/2305.08891), algorithm 1.
  ///
  /// @param smallest `ᾱ` of the last level instead of 0, where σ would be infinite
  public NoiseSchedule zeroTerminalSnr(double smallest) {
    int last = alphasCumprod.length - 1;
    float first = (float) Math.sqrt(alphasCumprod[0]);
    float terminal = (float) Math.sqrt(alphasCumprod[last]);
    float scale = first / (first - terminal);
    float[] squares = new float[last + 1];
    for (int t = 0; t <= last; t++) {
      float root = ((float) Math.sqrt(alphasCumprod[t]) - terminal) * scale;
      squares[t] = root * root;
    }
    float[] betas = new float[last + 1];
    for (int t = 0; t <= last; t++) {
      betas[t] = 1 - (t == 0 ? squares[0] : squares[t] / squares[t - 1]);
    }
    float[] rescaled = cumulative(betas);
    rescaled[last] = Math.min((float) smallest, rescaled[last - 1] * 0.99f); // still the noisiest
    return new NoiseSchedule(rescaled);
  }

  private static float[] cumulative(float[] betas) {
    float[] products = new float[betas.length];
    double product = 1;
    for (int t = 0; t < betas.length; t++) {
      product *= 1 - betas[t];
      products[t] = (float) product;
    }
    return products;
  }

  /// The number of timesteps T.
  public int steps() {
    return sigmas.length;
  }

  /// `ᾱ_t`, the share of the clean latents' variance at timestep `t`.
  public double alphaCumprod(int t) {
    return alphasCumprod[t];
  }

  /// `σ_t` of timestep `t`.
  public double sigma(int t) {
    return sigmas[t];
  }

  /// `σ_0`, the least noise.
  public double sigmaMin() {
    return sigmas[0];
  }

  /// `σ_(T - 1)`, the most noise.
  public double sigmaMax() {
    return sigmas[sigmas.length - 1];
  }

  /// `σ` at a timestep that need not be whole: `ln σ` is interpolated. Timesteps outside 0 to T - 1
  /// give the nearest.
  public double sigmaAt(double timestep) {
    double t = Math.clamp(timestep, 0, steps() - 1);
    int low = Math.min((int) t, steps() - 1);
    int high = Math.min(low + 1, steps() - 1);
    double weight = t - low;
    return Math.exp((1 - weight) * logSigmas[low] + weight * logSigmas[high]);
  }

  /// As [#sigmaAt], but `σ` itself is interpolated, as diffusers' Euler does.
  double sigmaOnLine(double timestep) {
    double t = Math.clamp(timestep, 0, steps() - 1);
    int low = Math.min((int) t, steps() - 1);
    int high = Math.min(low + 1, steps() - 1);
    double lowSigma = sigmas[low];
    return lowSigma + (t - low) * (sigmas[high] - lowSigma);
  }

  /// The timestep of `sigma`, not always whole: the inverse of [#sigmaAt].
  public double timestepAt(double sigma) {
    double log = Math.log(sigma);
    int at = Arrays.binarySearch(logSigmas, log);
    if (at >= 0) {
      return at;
    }
    int high = -at - 1;
    if (high == 0) {
      return 0;
    }
    if (high == steps()) {
      return steps() - 1;
    }
    double low = logSigmas[high - 1];
    return high - 1 + (log - low) / (logSigmas[high] - low);
  }

  /// Training samples `x_t`: forward diffusion in closed form.
  ///
  /// @param clean `[N, ...]`
  /// @param noise of deviation 1, same shape
  /// @param timesteps one for each of the N
  public Tensor addNoise(Tensor clean, Tensor noise, int... timesteps) {
    return Scope.tidy(
        () -> clean.times(signal(clean, timesteps)).plus(noise.times(noise(clean, timesteps))));
  }

  /// What a network that predicts velocity should answer to [#addNoise]: `sqrt(ᾱ_t) eps - sqrt(1 -
  /// ᾱ_t) clean`, [Salimans and Ho (2022)](https://arxiv.org/abs/2202.00512), appendix D.
  public Tensor velocity(Tensor clean, Tensor noise, int... timesteps) {
    return Scope.tidy(
        () -> noise.times(signal(clean, timesteps)).minus(clean.times(noise(clean, timesteps))));
  }

  /// `sqrt(ᾱ_t)`, `[N, 1, ...]`.
  private Tensor signal(Tensor like, int[] timesteps) {
    return column(like, timesteps, Math::sqrt);
  }

  /// `sqrt(1 - ᾱ_t)`, `[N, 1, ...]`.
  private Tensor noise(Tensor like, int[] timesteps) {
    return column(like, timesteps, alpha -> Math.sqrt(1 - alpha));
  }

  private Tensor column(Tensor like, int[] timesteps, DoubleUnaryOperator function) {
    long[] shape = new long[like.shape().length];
    Arrays.fill(shape, 1);
    shape[0] = like.size(0);
    if (timesteps.length != shape[0]) {
      throw new IllegalArgumentException(
          "a batch of %d needs as many timesteps: %d".formatted(shape[0], timesteps.length));
    }
    float[] values = new float[timesteps.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) function.applyAsDouble(alphasCumprod[timesteps[i]]);
    }
    return Tensor.of(values, shape).to(like.device());
  }
}
