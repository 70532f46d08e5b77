package dev.latente.pipeline;

import dev.latente.vae.Tiling;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// What takes the place of a model's autoencoder, and how pictures are taken through it.
///
/// @param file a file or folder of the autoencoder to use in place of the model's own
/// @param preview a file or folder of a tiny autoencoder that draws previews
/// @param tiling whether large pictures are decoded in tiles; their size decides if empty
public record VaeOptions(Optional<Path> file, Optional<Path> preview, Optional<Tiling> tiling) {
  /// The model's own autoencoder.
  public static VaeOptions usual() {
    return new VaeOptions(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// With another autoencoder: a folder in diffusers' layout, or a file.
  public VaeOptions withFile(Path path) {
    return new VaeOptions(Optional.of(path), preview, tiling);
  }

  /// With an autoencoder for previews: a folder in diffusers' layout, or a file.
  public VaeOptions withPreview(Path path) {
    return new VaeOptions(file, Optional.of(path), tiling);
  }

  /// With pictures decoded whole or in tiles, whatever their size.
  public VaeOptions withTiling(Tiling choice) {
    return new VaeOptions(file, preview, Optional.of(choice));
  }

  /// As [#withTiling(Tiling)], said in words: `auto`, `on`, `off`, or the side of a tile in pixels.
  ///
  /// @throws IllegalArgumentException if it is none of these
  public VaeOptions withTiling(String words) {
    return new VaeOptions(file, preview, tiling(words.toLowerCase(Locale.ROOT)));
  }

  private static Optional<Tiling> tiling(String words) {
    return switch (words) {
      case "auto" -> Optional.empty();
      case "on" -> Optional.of(new Tiling.Tiles(Tiling.USUAL_SIDE));
      case "off" -> Optional.of(Tiling.WHOLE);
      default -> {
        if (!words.matches("[0-9]{1,5}")) {
          throw new IllegalArgumentException(
              "tiling must be auto, on, off or a side in pixels: " + words);
        }
        yield Optional.of(new Tiling.Tiles(Integer.parseInt(words)));
      }
    };
  }
}
