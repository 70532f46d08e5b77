package dev.latente.vae;

/// The sizes of what stands between pictures and latents, as a diffusers folder states them.
public sealed interface CodecConfig permits VaeConfig, TinyVaeConfig {
  /// Channels of the latents: 4 in all of Stable Diffusion.
  int latentChannels();

  /// How many pixels of the picture one latent pixel stands for, along each side: 8.
  int downscale();

  /// The most channels of a map of the picture's own size.
  int widestMap();

  /// Whether it must run in f32, because its activations overflow f16.
  boolean forceUpcast();
}
