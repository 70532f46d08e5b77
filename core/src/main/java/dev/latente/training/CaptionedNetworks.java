package dev.latente.training;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;

/// A U-Net and its text encoder with the tokenizer that tells them captions.
///
/// @param networks of one model
/// @param captions its tokenizer
record CaptionedNetworks(DiffusionNetworks networks, Captions captions) {
  /// What the U-Net gives for the samples of `batch`, `[N, C, H, W]`, f32.
  Tensor estimate(NoisyBatch batch) {
    Tensor text = networks.textEncoder().encode(captions.ids(batch.captions()));
    return networks.unet().forward(batch.noisy(), batch.column(), text).to(Precision.F32);
  }
}
