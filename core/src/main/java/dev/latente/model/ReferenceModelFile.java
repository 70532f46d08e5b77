package dev.latente.model;

import dev.latente.model.Renaming.Rule;
import dev.latente.model.Renaming.Target;
import dev.latente.nn.ModelFormatException;
import dev.latente.vision.Resampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of a reference model (IP-Adapter), opened and understood, but not yet read.
///
/// @param origin the file
/// @param kind how it makes tokens of a picture
/// @param context width of the tokens: that of the text of the models it was made for
/// @param attentions how many attentions of a U-Net it has maps for
/// @param projection the weights of the tokens' maker
/// @param maps the weights of the attentions' maps
public record ReferenceModelFile(
    Path origin,
    Kind kind,
    int context,
    int attentions,
    CheckpointSource projection,
    CheckpointSource maps)
    implements AutoCloseable {
  static final String PROJECTION = "image_proj.";
  static final String MAPS = "ip_adapter.";

  /// diffusers' names for those of the files.
  private static final Renaming PROJECTION_NAMES =
      Renaming.table(
          Rule.rename("proj\\.(weight|bias)", "image_embeds.$1"),
          Rule.rename("layers\\.(\\d+)\\.0\\.norm1\\.(.*)", "layers.$1.ln0.$2"),
          Rule.rename("layers\\.(\\d+)\\.0\\.norm2\\.(.*)", "layers.$1.ln1.$2"),
          Rule.rename("layers\\.(\\d+)\\.0\\.to_q\\.(.*)", "layers.$1.attn.to_q.$2"),
          Rule.to(
              "layers\\.(\\d+)\\.0\\.to_kv\\.(.*)",
              new Target("layers.$1.attn.to_k.$2", Form.FIRST_HALF),
              new Target("layers.$1.attn.to_v.$2", Form.SECOND_HALF)),
          Rule.rename("layers\\.(\\d+)\\.0\\.to_out\\.(.*)", "layers.$1.attn.to_out.0.$2"),
          Rule.rename("layers\\.(\\d+)\\.1\\.0\\.(.*)", "layers.$1.ff.0.$2"),
          Rule.rename("layers\\.(\\d+)\\.1\\.1\\.(.*)", "layers.$1.ff.1.net.0.proj.$2"),
          Rule.rename("layers\\.(\\d+)\\.1\\.3\\.(.*)", "layers.$1.ff.1.net.2.$2"));

  private static final Pattern LAYER = Pattern.compile("layers\\.(\\d+)\\..*");
  private static final int HEAD = 64; // width of each head in all published models

  /// How a reference model makes tokens.
  public sealed interface Kind {
    /// From the vector of the whole picture.
    ///
    /// @param in width of that vector
    /// @param tokens how many it makes
    record Whole(int in, int tokens) implements Kind {}

    /// From the squares of the picture: the "plus" models.
    record Squares(Resampler.Sizes sizes) implements Kind {}
  }

  /// Opens `file`, `.safetensors` or `.bin`.
  ///
  /// @throws ModelFormatException if it is no reference model of a kind that is known
  public static ReferenceModelFile open(Path file) throws IOException {
    CheckpointSource whole = TensorFile.open(file);
    try {
      return read(file, whole);
    } catch (RuntimeException | Error e) {
      whole.close();
      throw e;
    }
  }

  private static ReferenceModelFile read(Path file, CheckpointSource whole) {
    CheckpointSource projection = part(whole, PROJECTION, PROJECTION_NAMES);
    CheckpointSource maps = part(whole, MAPS, Renaming.table());
    if (projection.names().isEmpty() || maps.names().isEmpty()) {
      throw new ModelFormatException(
          file + ": expected a reference model (image_proj and ip_adapter), found another file");
    }
    String norm = projection.names().contains("norm.weight") ? "norm.weight" : "norm_out.weight";
    if (!projection.names().contains(norm)) {
      throw unknown(file);
    }
    int context = size(projection, norm, 0);
    return new ReferenceModelFile(
        file,
        kind(projection, context).orElseThrow(() -> unknown(file)),
        context,
        (int) maps.names().stream().filter(name -> name.endsWith(".to_k_ip.weight")).count(),
        projection,
        maps);
  }

  private static CheckpointSource part(CheckpointSource whole, String prefix, Renaming names) {
    return RenamedSource.of(whole, names.under(List.of(prefix)));
  }

  private static ModelFormatException unknown(Path file) {
    return new ModelFormatException(
        file
            + ": expected a reference model of the plain or the plus kind, found another one;"
            + " those for faces need a network that finds faces");
  }

  private static Optional<Kind> kind(CheckpointSource projection, int context) {
    Set<String> names = projection.names();
    if (names.contains("image_embeds.weight")) {
      int all = size(projection, "image_embeds.weight", 0);
      return Optional.of(new Kind.Whole(size(projection, "image_embeds.weight", 1), all / context));
    }
    String query = "layers.0.attn.to_q.weight";
    String inner = "layers.0.ff.1.net.0.proj.weight";
    if (!names.containsAll(Set.of("latents", "proj_in.weight", query, inner))) {
      return Optional.empty();
    }
    return Optional.of(
        new Kind.Squares(
            new Resampler.Sizes(
                size(projection, "proj_in.weight", 1),
                size(projection, "latents", 2),
                context,
                size(projection, "latents", 1),
                depth(names),
                size(projection, query, 0) / HEAD,
                size(projection, inner, 0))));
  }

  private static int depth(Set<String> names) {
    return names.stream()
            .map(LAYER::matcher)
            .filter(Matcher::matches)
            .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
            .max()
            .orElse(-1)
        + 1;
  }

  private static int size(CheckpointSource source, String name, int dimension) {
    long[] shape = source.shape(name);
    if (shape.length <= dimension || shape[dimension] < 1) {
      throw new ModelFormatException(
          "%s: %s: expected more than %d dimensions, found %d"
              .formatted(source.origin(), name, dimension, shape.length));
    }
    return (int) shape[dimension];
  }

  /// Closes the file; weights that were read stay.
  @Override
  public void close() {
    projection.close(); // of the same file as the maps
  }
}
