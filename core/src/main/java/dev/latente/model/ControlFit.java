package dev.latente.model;

import dev.latente.control.ControlNetConfig;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.nn.ModelFormatException;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether a control network was made for a U-Net.
final class ControlFit {
  private ControlFit() {}

  /// Checks a ControlNet's features and what it is told.
  ///
  /// @throws ModelFormatException naming both families
  static void require(String origin, ControlNetConfig control, UNetConfig base) {
    UNetConfig unet = control.unet();
    boolean fits =
        unet.skipChannels().equals(base.skipChannels())
            && unet.crossAttentionDim() == base.crossAttentionDim()
            && unet.inChannels() <= base.inChannels()
            && told(unet) == told(base);
    if (!fits) {
      throw misfit(origin, "a ControlNet", base, family(unet));
    }
  }

  /// Whether the network is told sizes beside the text, as SDXL is.
  static boolean told(UNetConfig unet) {
    return switch (unet.additionEmbed()) {
      case AdditionEmbed.None _, AdditionEmbed.Picture _ -> false;
      case AdditionEmbed.TextTime _ -> true;
    };
  }

  /// The refusal of a ControlNet whose text is of another width.
  static void requireText(String origin, long found, UNetConfig base) {
    if (found != base.crossAttentionDim()) {
      throw misfit(
          origin, "a ControlNet", base, "one for text of width " + found + known((int) found));
    }
  }

  private static String known(int width) {
    return switch (width) {
      case 768 -> " (Stable Diffusion 1)";
      case 1024 -> " (Stable Diffusion 2)";
      case 2048 -> " (Stable Diffusion XL)";
      default -> "";
    };
  }

  /// Checks a T2I-Adapter's features.
  ///
  /// @throws ModelFormatException naming what the U-Net takes and what the adapter gives
  static void require(String origin, T2iAdapterConfig adapter, UNetConfig base) {
    List<Integer> taken = new ArrayList<>(base.blockOutChannels());
    switch (adapter.type()) {
      case FULL_ADAPTER, LIGHT_ADAPTER -> {}
      // its second feature map enters the first level with transformers, its last the bottom
      case FULL_ADAPTER_XL -> taken.add(base.blockOutChannels().getLast());
    }
    if (!adapter.featureChannels().equals(taken)) {
      throw new ModelFormatException(
          "%s: expected a T2I-Adapter for %s, with features of channels %s, found %s"
              .formatted(origin, family(base), taken, adapter.featureChannels()));
    }
    boolean late = base.downBlockTypes().getFirst() == UNetConfig.DownBlockType.DownBlock2D;
    boolean fits =
        switch (adapter.type()) {
          case FULL_ADAPTER -> !late;
          case FULL_ADAPTER_XL -> late;
          case LIGHT_ADAPTER -> true; // its features are as small as its config says
        };
    if (!fits) {
      throw new ModelFormatException(
          "%s: expected a T2I-Adapter for %s, whose first level has %s transformers, found a %s"
              .formatted(
                  origin,
                  family(base),
                  late ? "no" : "its",
                  adapter.type().name().toLowerCase(Locale.ROOT)));
    }
  }

  private static ModelFormatException misfit(
      String origin, String what, UNetConfig base, String found) {
    return new ModelFormatException(
        "%s: expected %s for %s, found %s".formatted(origin, what, family(base), found));
  }

  private static String family(UNetConfig unet) {
    return "%s (levels of %s channels, text of width %d)"
        .formatted(
            ModelKind.of(unet).family().label(), unet.blockOutChannels(), unet.crossAttentionDim());
  }
}
