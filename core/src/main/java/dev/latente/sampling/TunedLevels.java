package dev.latente.sampling;

/// Noise levels that others have tuned for ten steps of each family of models.
enum TunedLevels {
  /// Stable Diffusion 1.5.
  SD(
      new double[] {14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029},
      new double[] {14.615, 4.617, 2.507, 1.236, 0.702, 0.402, 0.240, 0.156, 0.104, 0.094, 0.029}),
  /// Stable Diffusion XL.
  SDXL(
      new double[] {14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029},
      new double[] {14.615, 4.734, 2.567, 1.529, 0.987, 0.652, 0.418, 0.268, 0.179, 0.127, 0.029});

  private final double[] alignYourSteps;
  private final double[] gits;

  TunedLevels(double[] alignYourSteps, double[] gits) {
    this.alignYourSteps = alignYourSteps;
    this.gits = gits;
  }

  /// `count` levels of [Sabour et al. (2024)](https://arxiv.org/abs/2404.14507), Align Your Steps,
  /// from their [page](https://research.nvidia.com/labs/toronto-ai/AlignYourSteps/), interpolated
  /// where the authors give none.
  double[] alignYourSteps(int count) {
    return Curves.between(alignYourSteps, count);
  }

  /// `count` levels of [Chen et al. (2024)](https://arxiv.org/abs/2405.11326), GITS, as the A1111
  /// web UI's fork Forge lists them, interpolated between.
  double[] gits(int count) {
    return Curves.between(gits, count);
  }
}
