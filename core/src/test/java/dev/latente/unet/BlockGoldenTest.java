package dev.latente.unet;

import static dev.latente.testing.Corner.assertThatCorner;

import dev.latente.nn.FreshWeights;
import dev.latente.nn.Upsample;
import dev.latente.nn.Weights;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Numbers that diffusers' own unit tests expect (tests/models/test_layers_utils.py and
/// tests/models/unets/test_unet_2d_blocks.py). Inputs and weights are what PyTorch draws from seed
/// 0, so a block passes only if it draws, and computes, in PyTorch's order. The tests there allow
/// 5e-3.
class BlockGoldenTest {
  private static final int TIME = 128;

  private final RandomNoise noise = RandomNoise.seeded(0);
  private final Scope scope = Scope.open();
  private Tensor hidden;
  private Tensor time;

  @BeforeEach
  void draw() {
    hidden = noise.normal(4, 32, 32, 32);
    time = noise.normal(4, TIME).silu(); // blocks take it after its nonlinearity
  }

  @AfterEach
  void free() {
    scope.close();
  }

  @Test
  void resnetBlock() {
    RandomNoise own = RandomNoise.seeded(0);
    Tensor x = own.normal(1, 32, 64, 64);
    Tensor t = own.normal(1, TIME).silu();
    ResnetBlock block = ResnetBlock.of(Weights.of(new FreshWeights(own)), 32, 32, TIME, 32, 1e-6);
    assertThatCorner(
        block.forward(x, t),
        5e-3,
        -1.9010,
        -.2974,
        -.8245,
        -1.3533,
        .8742,
        -.9645,
        -2.0584,
        1.3387,
        -.4746);
  }

  @Test
  void crossAttentionTransformer() {
    RandomNoise own = RandomNoise.seeded(0);
    Tensor x = own.normal(1, 64, 64, 64);
    SpatialTransformer transformer =
        SpatialTransformer.of(
            Weights.of(new FreshWeights(own)),
            config(DownBlockType.CrossAttnDownBlock2D, 64, 2, 64),
            0);
    assertThatCorner(
        transformer.forward(x, Conditioning.of(own.normal(1, 4, 64))),
        5e-3,
        .0143,
        -.6909,
        -2.1547,
        -1.8893,
        1.4097,
        .1359,
        -.2521,
        -1.3359,
        .2598);
  }

  @Test
  void downBlock() {
    DownBlock block = DownBlock.of(fresh(), config(DownBlockType.DownBlock2D, 32, 1, 32), 0);
    assertThatCorner(
        block.forward(
            hidden, time, Conditioning.of(hidden), new ArrayDeque<>(), Collections.emptyIterator()),
        5e-3,
        -.0232,
        -.9869,
        .8054,
        -.0637,
        -.1688,
        -1.4264,
        .4470,
        -1.3394,
        .0904);
  }

  @Test
  void upBlock() {
    RandomNoise second =
        RandomNoise.seeded(1); // the test seeds anew before it draws the skipped tensor
    Tensor skip = second.normal(4, 32, 32, 32);
    Weights weights = Weights.of(new FreshWeights(second));
    UpBlock block =
        new UpBlock(
            List.of(ResnetBlock.of(weights.at("resnets.0"), 64, 32, TIME, 32, 1e-6)),
            List.of(),
            Optional.of(Upsample.of(weights.at("upsamplers.0"), 32)));
    Tensor next = Tensor.full(0, 1, 1, 64, 64); // only its size matters
    assertThatCorner(
        block.forward(hidden, time, Conditioning.of(hidden), new ArrayDeque<>(List.of(skip, next))),
        5e-3,
        -.2041,
        -.4165,
        -.3022,
        .0041,
        -.6628,
        -.7053,
        .1928,
        -.0325,
        .0523);
  }

  private Weights fresh() {
    return Weights.of(new FreshWeights(noise));
  }

  /// A config whose level 0 is the block under test.
  private static UNetConfig config(DownBlockType type, int channels, int heads, int context) {
    boolean attends = type == DownBlockType.CrossAttnDownBlock2D;
    UpBlockType up = attends ? UpBlockType.CrossAttnUpBlock2D : UpBlockType.UpBlock2D;
    return UNetConfig.builder()
        .downBlockTypes(List.of(type, type))
        .upBlockTypes(List.of(up, up))
        .blockOutChannels(List.of(channels, channels))
        .layersPerBlock(List.of(1))
        .attentionHeads(List.of(heads))
        .crossAttentionDim(context)
        .norm(32, 1e-6)
        .build();
  }
}
