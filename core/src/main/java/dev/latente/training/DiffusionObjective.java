package dev.latente.training;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;

/// What a diffusion model should do: tell the noise in a sample, given how much there is and the
/// caption.
///
/// Ho et al. (2020), algorithm 1: take a clean sample, a timestep and noise; mix them in closed
/// form; compare the network's estimate with the truth.
record DiffusionObjective(
    UNet unet,
    ClipTextEncoder textEncoder,
    Captions captions,
    NoisyBatch.Maker batches,
    SnrWeighting weighting,
    Emphasis emphasis)
    implements Objective {

  @Override
  public Tensor loss(long step) {
    NoisyBatch batch = batches.at(step);
    Tensor text = textEncoder.forward(captions.ids(batch.captions()));
    Tensor estimate = unet.forward(batch.noisy(), batch.column(), text).to(Precision.F32);
    return batches.loss(batch, estimate.minus(batch.target()), weighting, emphasis);
  }
}
