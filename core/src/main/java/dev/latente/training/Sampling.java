package dev.latente.training;

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

/// Draws pictures with a model in training.
///
/// @param scheduler how to sample
/// @param space makes pictures of samples
/// @param steps of the sampler
/// @param guidance how strictly to follow the prompts; 1 asks the network only with the prompt
/// @param steering what guides the network beside the text; its rows without the prompt come first
record Sampling(
    UNet unet,
    ClipTextEncoder textEncoder,
    Captions captions,
    SchedulerConfig scheduler,
    SampleSpace space,
    int steps,
    double guidance,
    Steering steering) {
  private static final int COLUMNS = 6;

  /// One picture for each prompt, in rows of six.
  BufferedImage draw(List<String> prompts, long seed) {
    int count = prompts.size();
    NoisePredictor guided = predictor(prompts);
    RandomNoise noise = RandomNoise.seeded(seed);
    UNetConfig sizes = unet.config();
    Tensor samples =
        scheduler
            .newSampler()
            .generate(
                scheduler.prediction().denoiser(guided),
                noise.normal(count, sizes.inChannels(), sizes.sampleSize(), sizes.sampleSize()),
                scheduler.sigmas(steps),
                StepNoise.of(noise),
                StepListener.none());
    return Squares.sheet(space.pictures(samples), Math.min(count, COLUMNS));
  }

  private NoisePredictor predictor(List<String> prompts) {
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
      return unet.forward(x, t, steering.told(text), steering.at(x, t, text)).detached();
    });
  }
}
