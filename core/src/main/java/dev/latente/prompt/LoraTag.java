package dev.latente.prompt;

/// A LoRA that a prompt names: `<lora:name:unet:te>`.
///
/// @param name the file's name without its ending
/// @param unet strength in the U-Net; 1 if the prompt says none
/// @param textEncoder strength in the text encoders; that of the U-Net if the prompt says none
public record LoraTag(String name, double unet, double textEncoder) {}
