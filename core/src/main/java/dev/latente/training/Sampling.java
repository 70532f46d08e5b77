package dev.latente.training;

import dev.latente.sampling.Denoiser;
import dev.latente.sampling.Guidance;
import dev.latente.sampling.NoisePredictor;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.StepListener;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import dev.latente.unet.UNetConfig;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/// Draws pictures with a model in training.
///
/// @param scheduler how to sample
/// @param pictures of samples, as [SampleSpace#pictures] makes them
/// @param steps of the sampler
/// @param guidance how strictly to follow the prompts; 1 asks the network only with the prompt
/// @param steering what guides the network beside the text; its rows without the prompt come first
record Sampling(
    UNet unet,
    ClipTextEncoder textEncoder,
    Captions captions,
    SchedulerConfig scheduler,
    UnaryOperator<Tensor> pictures,
    int steps,
    double guidance,
    Steering steering) {
  private static final int COLUMNS = 6;

  /// Draws with `networks`, which nothing guides but prompts.
  static Sampling of(
      DiffusionNetworks networks,
      Captions captions,
      SchedulerConfig scheduler,
      UnaryOperator<Tensor> pictures,
      int steps,
      double guidance) {
    return new Sampling(
        networks.unet(),
        networks.textEncoder(),
        captions,
        scheduler,
        pictures,
        steps,
        guidance,
        Steering.NONE);
  }

  /// One picture for each prompt, in rows of six.
  BufferedImage draw(List<String> prompts, long seed) {
    Tensor samples = samples(prompts, RandomNoise.seeded(seed), UnaryOperator.identity());
    return Squares.sheet(pictures.apply(samples), Math.min(prompts.size(), COLUMNS));
  }

  /// One sample for each prompt, `[N, C, H, W]`.
  ///
  /// @param watch may look at what the sampler asks of the network
  Tensor samples(List<String> prompts, RandomNoise noise, UnaryOperator<Denoiser> watch) {
    UNetConfig sizes = unet.config();
    int side = sizes.sampleSize();
    return scheduler
        .newSampler()
        .generate(
            watch.apply(scheduler.prediction().denoiser(predictor(prompts))),
            noise.normal(prompts.size(), sizes.inChannels(), side, side),
            scheduler.sigmas(steps),
            StepNoise.of(noise),
            StepListener.none());
  }

  /// The network's answer for one sample of each prompt.
  NoisePredictor predictor(List<String> prompts) {
    Tensor with = textEncoder.encode(captions.ids(prompts));
    Guidance mixing = Guidance.of(guidance);
    if (!mixing.isActive()) {
      return (x, t) -> estimate(x, t, with);
    }
    Tensor without = textEncoder.encode(captions.ids(Collections.nCopies(prompts.size(), "")));
    Tensor both = Tensor.concat(0, without, with);
    return mixing.guide((x, t) -> estimate(x, t, both));
  }

  private Tensor estimate(Tensor x, double timestep, Tensor text) {
    return Scope.tidy(() -> {
      Tensor t = Tensor.full(timestep, x.size(0));
      Tensor samples = x.channelsLast();
      return unet.forward(samples, t, steering.told(text), steering.at(samples, t, text))
          .detached();
    });
  }
}
