package dev.latente.training;

import dev.latente.control.ControlNet;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Residuals;
import dev.latente.unet.UNet;

/// What a ControlNet should do: help a U-Net, which stays as it is, to tell the noise, by a map.
///
/// [Zhang et al. (2023)](https://arxiv.org/abs/2302.05543), equation 5.
///
/// @param captions token ids of what the pictures show
record ControlObjective(
    UNet unet,
    ClipTextEncoder textEncoder,
    ControlNet network,
    Captions captions,
    MapFolder maps,
    NoisyBatch.Maker batches,
    Emphasis emphasis)
    implements Objective {

  @Override
  public Tensor loss(long step) {
    NoisyBatch batch = batches.at(step);
    Conditioning told = Conditioning.of(textEncoder.encode(captions.ids(batch.captions())));
    Tensor t = batch.column();
    Residuals residuals = network.forward(batch.noisy(), t, told, maps.at(batch.chosen()));
    Tensor estimate = unet.forward(batch.noisy(), t, told, residuals).to(Precision.F32);
    return emphasis.of(estimate.minus(batch.target()).square(), batch.chosen()).mean();
  }
}
