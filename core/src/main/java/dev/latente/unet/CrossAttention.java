package dev.latente.unet;

/// A place in a U-Net where pixels look at the text.
///
/// @param name its path, such as `down_blocks.0.attentions.0.transformer_blocks.0.attn2`
/// @param features width of the pixels' vectors there
public record CrossAttention(String name, int features) {}
