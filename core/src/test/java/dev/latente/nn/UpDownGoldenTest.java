package dev.latente.nn;

import static dev.latente.testing.Corner.assertThatCorner;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Numbers that diffusers' own unit tests expect (tests/models/test_layers_utils.py): weights and
/// inputs are what PyTorch draws from seed 0. They print four decimals; the tests there allow 1e-3.
class UpDownGoldenTest {
  @Test
  void repeatsPixels() {
    try (Scope _ = Scope.open()) {
      Tensor x = RandomNoise.seeded(0).normal(1, 32, 32, 32);
      assertThatCorner(
          x.upsampleNearest(64, 64),
          1e-3,
          -.2173,
          -1.2079,
          -1.2079,
          .2952,
          1.1254,
          1.1254,
          .2952,
          1.1254,
          1.1254);
    }
  }

  @Test
  void upsamplesWithAConvolution() {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(0);
      Tensor x = noise.normal(1, 32, 32, 32);
      Upsample upsample = Upsample.of(Weights.of(new FreshWeights(noise)), 32);
      assertThatCorner(
          upsample.forward(x),
          1e-3,
          .7145,
          1.3773,
          .3492,
          .8448,
          1.0839,
          -.3341,
          .5956,
          .1250,
          -.4841);
    }
  }

  @Test
  void downsamplesWithAConvolution() {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(0);
      Tensor x = noise.normal(1, 32, 64, 64);
      Downsample downsample =
          Downsample.of(Weights.of(new FreshWeights(noise)), 32, Downsample.Border.AROUND);
      assertThatCorner(
          downsample.forward(x),
          1e-3,
          .9267,
          .5878,
          .3337,
          1.2321,
          -.1191,
          -.3984,
          -.7532,
          -.0715,
          -.3913);
    }
  }
}
