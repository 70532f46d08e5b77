package dev.latente.training;

import dev.latente.sampling.Guidance;
import dev.latente.sampling.NoisePredictor;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.StepListener;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.RandomNoise;
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
record Sampling(
    UNet unet,
    ClipTextEncoder textEncoder,
    Captions captions,
    SchedulerConfig scheduler,
    SampleSpace space) {
  private static final int COLUMNS = 6;
  static final int STEPS = 20;
  static final double GUIDANCE = 4;

  /// One picture for each prompt, in rows of six.
  BufferedImage draw(List<String> prompts, long seed) {
    int count = prompts.size();
    Tensor without = textEncoder.encode(captions.ids(Collections.nCopies(count, "")));
    Tensor text = Tensor.concat(0, without, textEncoder.encode(captions.ids(prompts)));
    NoisePredictor pair = (x, t) -> unet.predict(x, Tensor.full(t, x.size(0)), text).detached();
    NoisePredictor guided = Guidance.of(GUIDANCE).guide(pair);
    RandomNoise noise = RandomNoise.seeded(seed);
    UNetConfig sizes = unet.config();
    Tensor samples =
        scheduler
            .newSampler()
            .generate(
                scheduler.prediction().denoiser(guided),
                noise.normal(count, sizes.inChannels(), sizes.sampleSize(), sizes.sampleSize()),
                scheduler.sigmas(STEPS),
                StepNoise.of(noise),
                StepListener.none());
    return Squares.sheet(space.pictures(samples), Math.min(count, COLUMNS));
  }
}
