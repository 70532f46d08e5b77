package dev.latente.cli;

import dev.latente.pipeline.VaeOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What takes the place of a model's autoencoder, and how it is used.
///
/// Filled in by the command line; not thread-safe.
final class VaeMixin {
  @Option(names = "--vae", paramLabel = "FILE|DIR", descriptionKey = "vae")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--vae-tiling", paramLabel = "auto|on|off|N", descriptionKey = "vae-tiling")
  private String tiling = "auto";

  @Option(names = "--preview", paramLabel = "FILE.png[:N]", descriptionKey = "preview")
  private Optional<String> preview = Optional.empty();

  @Option(names = "--preview-vae", paramLabel = "FILE|DIR", descriptionKey = "preview-vae")
  private Optional<Path> previewFile = Optional.empty();

  /// What was asked for.
  ///
  /// @throws IllegalArgumentException if the tiling is unknown
  VaeOptions options() {
    VaeOptions options = VaeOptions.usual().withTiling(tiling);
    options = file.isPresent() ? options.withFile(file.get()) : options;
    return previewFile.isPresent() ? options.withPreview(previewFile.get()) : options;
  }

  /// Where previews are to be written, if anywhere.
  ///
  /// @throws IllegalArgumentException if it is no place for a picture
  Optional<PreviewFile> preview() {
    return preview.map(PreviewFile::of);
  }
}
