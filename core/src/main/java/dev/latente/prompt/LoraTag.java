package dev.latente.prompt;

/// A LoRA that a prompt names: `<lora:name:te:unet>`.
///
/// @param name the file's name without its ending
/// @param unet strength in the U-Net; that of the text encoders if the prompt says none
/// @param textEncoder strength in the text encoders; 1 if the prompt says none
public record LoraTag(String name, double unet, double textEncoder) {}
