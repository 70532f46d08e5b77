package dev.latente.pipeline;

import dev.latente.model.LoraFile;
import java.math.BigDecimal;
import java.nio.file.Path;

/// A LoRA's file, and how strongly it shall act.
///
/// @param file as [LoraFile] reads it
/// @param unet strength in the U-Net: 1 as it was trained, 0 not at all, negative the other way
/// @param text strength in the text encoders
public record LoraUse(Path file, double unet, double text) {
  /// The greatest strength, and the least: far past what gives pictures.
  public static final double MOST = 100;

  /// Checks the strengths.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public LoraUse {
    requireRange(unet);
    requireRange(text);
  }

  /// The file at one strength everywhere.
  public static LoraUse of(Path file, double strength) {
    return new LoraUse(file, strength, strength);
  }

  private static void requireRange(double strength) {
    if (!(Math.abs(strength) <= MOST)) {
      throw new IllegalArgumentException(
          "the strength of a LoRA must be from -%.0f to %.0f: %s".formatted(MOST, MOST, strength));
    }
  }

  /// What people call it: the file's name without its ending.
  public String name() {
    return LoraFile.name(file);
  }

  /// How A1111's prompts say it: `<lora:name:0.8>`, the text encoders' strength first if there are
  /// two.
  String tag() {
    String both = text == unet ? plain(unet) : plain(text) + ":" + plain(unet);
    return "<lora:%s:%s>".formatted(name(), both);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
