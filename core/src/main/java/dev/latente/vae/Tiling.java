package dev.latente.vae;

/// Whether a picture is taken through an autoencoder whole or in tiles, which needs less memory.
public sealed interface Tiling {
  /// How many maps of a picture's size are in memory at once: decoding 512x512 pixels with Stable
  /// Diffusion's sizes took 1,048 MB more than the weights, 4 maps of 256 channels are 1,074 MB.
  long MAPS = 4;

  /// What a whole picture may need before tiles are chosen: four times that of 512x512 pixels and
  /// Stable Diffusion's autoencoder.
  long MOST_BYTES = 4L << 30;

  /// The same where memory is short: half of what 512x512 pixels need.
  long MOST_THRIFTY_BYTES = 1L << 29;

  /// The side of a tile where memory is short, in pixels of the picture.
  int THRIFTY_SIDE = 256;

  /// The whole picture at once.
  Tiling WHOLE = new Whole();

  /// The side of a tile that needs little memory and wastes little time, in pixels of the picture.
  int USUAL_SIDE = 512;

  /// What is right for a picture: tiles if the whole one would need gigabytes.
  ///
  /// @param width of the picture in pixels
  /// @param height of the picture in pixels
  static Tiling automatic(CodecConfig config, long width, long height) {
    return bytes(config.widestMap(), width * height) > MOST_BYTES ? new Tiles(USUAL_SIDE) : WHOLE;
  }

  /// What is right where memory is short: tiles of a quarter of the usual size, for pictures whose
  /// whole map would need more than those take.
  ///
  /// @param width of the picture in pixels
  /// @param height of the picture in pixels
  static Tiling thrifty(CodecConfig config, long width, long height) {
    return bytes(config.widestMap(), width * height) > MOST_THRIFTY_BYTES
        ? new Tiles(THRIFTY_SIDE)
        : WHOLE;
  }

  /// About how much memory a residual block takes.
  ///
  /// @param channels of its widest map
  /// @param pixels of each map, all samples together
  static long bytes(int channels, long pixels) {
    return MAPS * Float.BYTES * channels * pixels;
  }

  /// About how much memory a picture takes on its way through an autoencoder in this way.
  ///
  /// @param width of the picture in pixels
  /// @param height of the picture in pixels
  default long need(CodecConfig config, long width, long height) {
    long whole = bytes(config.widestMap(), width * height);
    return switch (this) {
      case Whole _ -> whole;
      case Tiles _ -> Math.min(whole, TiledRun.USUAL_BUDGET);
    };
  }

  /// The whole picture at once.
  record Whole() implements Tiling {}

  /// Tiles one after the other. They overlap as far as the network sees, and share the statistics
  /// of its norms, so that they meet without a seam.
  ///
  /// @param side of a tile without the overlap, in pixels of the picture: 64 or more
  record Tiles(int side) implements Tiling {
    private static final int LEAST = 64;

    public Tiles {
      if (side < LEAST) {
        throw new IllegalArgumentException(
            "side of a tile must be at least %d pixels: %d".formatted(LEAST, side));
      }
    }
  }
}
