package dev.latente.training;

import dev.latente.tensor.Tensor;

/// Pictures as they are: the classical diffusion of [Ho et al.
/// (2020)](https://arxiv.org/abs/2006.11239).
///
/// @param batches the pictures
record PixelSpace(Batches batches) implements SampleSpace {
  @Override
  public Tensor clean(int... indices) {
    return batches.at(indices);
  }

  @Override
  public Tensor pictures(Tensor samples) {
    return samples;
  }

  @Override
  public String description() {
    return "pixels of %d pictures of %d".formatted(batches.folder().size(), batches.size());
  }
}
