package dev.latente.pipeline;

import dev.latente.model.LoraInfo;
import java.util.List;
import java.util.stream.Collectors;

/// What a LoRA changes of a model.
///
/// @param use the file and its strengths
/// @param sha256 in 64 hexadecimal digits, as A1111's users know it: without a safetensors header
/// @param info what the file is
/// @param unetLayers how many layers of the U-Net it changes
/// @param textLayers how many of the text encoders
/// @param unmatched the names of its tensors that mean nothing in this model
public record AppliedLora(
    LoraUse use,
    String sha256,
    LoraInfo info,
    int unetLayers,
    int textLayers,
    List<String> unmatched) {
  private static final int SHORT = 12; // digits, as A1111 writes into pictures

  public AppliedLora {
    unmatched = List.copyOf(unmatched);
  }

  /// What people call it.
  public String name() {
    return use.name();
  }

  /// What A1111 writes into pictures: `name: hash, name: hash`.
  static String hashes(List<AppliedLora> loras) {
    return loras.stream()
        .map(lora -> lora.name().replaceAll("[:,]", "") + ": " + lora.shortHash())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /// The first digits of the hash.
  public String shortHash() {
    return sha256.substring(0, SHORT);
  }
}
