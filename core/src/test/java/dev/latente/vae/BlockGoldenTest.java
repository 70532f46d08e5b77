package dev.latente.vae;

import static dev.latente.testing.Corner.assertThatCorner;

import dev.latente.nn.Downsample;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Upsample;
import dev.latente.nn.Weights;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Numbers that diffusers' own unit tests expect of `DownEncoderBlock2D` and `UpDecoderBlock2D`
/// (tests/models/unets/test_unet_2d_blocks.py): inputs and weights are what PyTorch draws from seed
/// 0. The tests there allow 5e-3.
class BlockGoldenTest {
  private final RandomNoise noise = RandomNoise.seeded(0);

  @Test
  void downEncoderBlock() {
    try (Scope _ = Scope.open()) {
      Tensor x = noise.normal(4, 32, 32, 32);
      Weights weights = Weights.of(new FreshWeights(noise));
      ResnetBlock resnet = ResnetBlock.of(weights.at("resnets.0"), 32, 32, 32);
      Downsample down = Downsample.of(weights.at("downsamplers.0"), 32, Downsample.Border.AROUND);
      assertThatCorner(
          down.forward(resnet.forward(x)),
          5e-3,
          1.1102,
          .5302,
          .4872,
          -.0023,
          -.8042,
          .0483,
          -.3489,
          -.5632,
          .7626);
    }
  }

  @Test
  void upDecoderBlock() {
    try (Scope _ = Scope.open()) {
      Tensor x = noise.normal(4, 32, 32, 32);
      Weights weights = Weights.of(new FreshWeights(noise));
      ResnetBlock resnet = ResnetBlock.of(weights.at("resnets.0"), 32, 32, 32);
      Upsample up = Upsample.of(weights.at("upsamplers.0"), 32);
      assertThatCorner(
          up.forward(resnet.forward(x)),
          5e-3,
          .4404,
          .1998,
          -.9886,
          -.3320,
          -.3128,
          -.7034,
          -.6955,
          -.2338,
          -.3137);
    }
  }
}
