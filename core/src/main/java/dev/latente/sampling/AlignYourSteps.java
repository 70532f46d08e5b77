package dev.latente.sampling;

/// The noise levels of [Sabour et al. (2024)](https://arxiv.org/abs/2404.14507), Align Your Steps,
/// for ten steps, from their [page](https://research.nvidia.com/labs/toronto-ai/AlignYourSteps/).
enum AlignYourSteps {
  /// Stable Diffusion 1.5.
  SD(14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029),
  /// Stable Diffusion XL.
  SDXL(14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029);

  private final double[] sigmas;

  AlignYourSteps(double... sigmas) {
    this.sigmas = sigmas;
  }

  /// `count` levels, interpolated where the authors give none.
  double[] sigmas(int count) {
    return Curves.between(sigmas, count);
  }
}
