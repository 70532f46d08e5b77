package dev.latente.model;

/// The network that a LoRA's layer belongs to, as far as its file says.
public enum LoraPart {
  UNET,
  /// A text encoder; which one is not said.
  TEXT,
  /// The first of SDXL's text encoders, or the only one.
  TEXT_1,
  /// The second of SDXL's text encoders, which its refiner has too.
  TEXT_2,
  /// A network that no Stable Diffusion 1, 2 or XL has.
  FOREIGN
}
