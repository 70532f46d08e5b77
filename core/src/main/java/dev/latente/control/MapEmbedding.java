package dev.latente.control;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Brings a map to the size of the latents: [Zhang et al.
/// (2023)](https://arxiv.org/abs/2302.05543), section 3.3, the network `E`.
///
/// Names follow the diffusers checkpoint (`ControlNetConditioningEmbedding`).
record MapEmbedding(Conv2d convIn, List<Conv2d> blocks, Conv2d convOut) {

  static MapEmbedding of(Weights weights, int in, List<Integer> channels, int out) {
    List<Conv2d> blocks = new ArrayList<>();
    for (int i = 0; i < channels.size() - 1; i++) {
      int before = channels.get(i);
      blocks.add(Conv2d.of(weights.at("blocks").at(2 * i), before, before, 3));
      blocks.add(
          Conv2d.of(weights.at("blocks").at(2 * i + 1), before, channels.get(i + 1), 3, 2, 1));
    }
    return new MapEmbedding(
        Conv2d.of(weights.at("conv_in"), in, channels.getFirst(), 3),
        List.copyOf(blocks),
        Conv2d.of(weights.at("conv_out"), channels.getLast(), out, 3));
  }

  /// `[N, Cin, H, W]`, 0 to 1, to `[N, Cout, h, w]`.
  Tensor forward(Tensor map) {
    Tensor h = convIn.forward(map).silu();
    for (Conv2d block : blocks) {
      h = block.forward(h).silu();
    }
    return convOut.forward(h);
  }
}
