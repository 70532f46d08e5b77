package dev.latente.vae;

import dev.latente.tensor.Tensor;
import java.util.List;

/// Blocks of one resolution, and the way from or to another.
///
/// What a pixel of its result depends on lies near it, but for the means and variances of norms.
///
/// @param step what it does to height and width
/// @param reach how far a pixel sees by the convolutions that keep the size, in pixels of the finer
///   side
/// @param channels the most that a map of the finer side has
record Stage(Step step, List<Block> blocks, int reach, int channels) implements Block {
  /// How the size changes.
  enum Step {
    /// Doubled by the first block.
    UP,
    /// Halved by the last block, a convolution of stride 2 that sees one pixel around.
    DOWN
  }

  Stage {
    blocks = List.copyOf(blocks);
  }

  /// `[N, C, H, W]` to twice or half that size.
  @Override
  public Tensor forward(Tensor x, Norms norms) {
    return Block.chain(blocks, x, norms);
  }

  /// The part of the stage's input that `wanted`, a part of its result, depends on.
  Region needed(Region wanted) {
    return switch (step) {
      case UP -> wanted.grown(reach).halved();
      case DOWN -> wanted.doubled().grown(reach + 1).halved().doubled(); // strides begin at evens
    };
  }

  /// The part of the result that comes of the part `input`.
  Region result(Region input) {
    return switch (step) {
      case UP -> input.doubled();
      case DOWN -> input.halved();
    };
  }
}
