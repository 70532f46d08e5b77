package dev.latente.model;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.Renaming.Target;
import dev.latente.nn.ModelFormatException;
import dev.latente.vae.CodecConfig;
import dev.latente.vae.TinyVaeConfig;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// An autoencoder in one file, alone or in a whole model, whose sizes are told by its tensors.
///
/// @param source its tensors
/// @param like what a file does not say: the scale of the latents, and the norms' groups
record VaeFile(CheckpointSource source, VaeConfig like) {
  /// How the names of an autoencoder begin in a whole model.
  static final List<String> PREFIXES = List.of("first_stage_model.", "vae.");

  private static final int PUBLISHED_GROUPS = 32;
  private static final Pattern NUMBERED = Pattern.compile("((?:decoder\\.)?)(\\d+)\\.(.*)");
  private static final String TINY_DECODER = "decoder.layers.0.weight";
  private static final String TINY_ENCODER = "encoder.layers.0.weight";

  /// Opens the autoencoder in the file `path`.
  ///
  /// @param like the model's own
  /// @throws ModelFormatException if it holds none
  static Part<CodecConfig> open(Path path, VaeConfig like) throws IOException {
    CheckpointSource source = TensorFile.open(path);
    try {
      VaeFile file = new VaeFile(source, like);
      return file.isTiny() ? file.tiny(path) : file.large();
    } catch (IOException | RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private boolean isTiny() {
    return has(TINY_DECODER) || has("decoder.3.conv.0.weight") || has("3.conv.0.weight");
  }

  private Part<CodecConfig> tiny(Path path) throws IOException {
    CheckpointSource named = has(TINY_DECODER) ? source : renamedTiny(path);
    long[] shape = named.shape(TINY_DECODER);
    if (shape.length != 4) {
      throw expected("a tiny autoencoder");
    }
    TinyVaeConfig config =
        TinyVaeConfig.taesd((int) shape[0], (int) shape[1], named.names().contains(TINY_ENCODER));
    return new Part<>(config, named);
  }

  /// The tensors of [TAESD](https://github.com/madebyollin/taesd)'s own files under diffusers'
  /// names; the encoder lies in a file of its own, beside the decoder's.
  private CheckpointSource renamedTiny(Path path) throws IOException {
    if (has("decoder.3.conv.0.weight")) {
      return RenamedSource.of(source, VaeFile::tinyName);
    }
    if (has("0.weight")) {
      throw expected("the decoder of a tiny autoencoder (taesd_decoder)");
    }
    RenamedSource decoder = RenamedSource.of(source, VaeFile::tinyName);
    String name = String.valueOf(path.getFileName());
    Path other = path.resolveSibling(name.replace("decoder", "encoder"));
    if (other.equals(path) || !Files.isRegularFile(other)) {
      return decoder;
    }
    Renaming encoder = stored -> same("encoder.layers." + stored);
    return new JoinedSource(List.of(decoder, RenamedSource.of(TensorFile.open(other), encoder)));
  }

  /// The original decoder counts one layer more: the clamping of latents.
  private static List<Target> tinyName(String stored) {
    Matcher matcher = NUMBERED.matcher(stored);
    if (matcher.matches()) {
      int layer = Integer.parseInt(matcher.group(2)) - 1;
      return same("decoder.layers.%d.%s".formatted(layer, matcher.group(3)));
    }
    return same(stored.replaceFirst("^encoder\\.(\\d)", "encoder.layers.$1"));
  }

  private static List<Target> same(String name) {
    return List.of(new Target(name, Form.SAME));
  }

  private Part<CodecConfig> large() {
    CheckpointSource named = RenamedSource.of(source, largeNames());
    try {
      return new Part<>(sizes(named), named);
    } catch (ModelFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException("%s: %s".formatted(source.origin(), e.getMessage()), e);
    }
  }

  private Renaming largeNames() {
    for (String prefix : PREFIXES) {
      if (hasPrefix(prefix + "decoder.up.")) {
        return OriginalNames.vae(levels(prefix + "encoder.down")).under(List.of(prefix));
      }
      if (hasPrefix(prefix + "decoder.up_blocks.")) {
        return DiffusersNames.VAE.under(List.of(prefix));
      }
    }
    if (hasPrefix("decoder.up.")) {
      return OriginalNames.vae(levels("encoder.down"));
    }
    if (hasPrefix("decoder.up_blocks.")) {
      return DiffusersNames.VAE;
    }
    throw expected("an autoencoder");
  }

  private int levels(String name) {
    return count(source, name);
  }

  /// The sizes of an autoencoder whose tensors have diffusers' names.
  private VaeConfig sizes(CheckpointSource named) {
    List<Integer> channels = new ArrayList<>();
    for (int level = 0; level < count(named, "encoder.down_blocks"); level++) {
      channels.add(
          size(named, "encoder.down_blocks.%d.resnets.0.conv1.weight".formatted(level), 0));
    }
    return new VaeConfig(
        size(named, "encoder.conv_in.weight", 1),
        size(named, "decoder.conv_out.weight", 0),
        channels,
        count(named, "encoder.down_blocks.0.resnets"),
        size(named, "decoder.conv_in.weight", 1),
        groups(channels),
        like.sampleSize(),
        like.scalingFactor(),
        like.shiftFactor(),
        like.forceUpcast(),
        named.names().contains("quant_conv.weight"),
        named.names().contains("post_quant_conv.weight"),
        named.names().contains("encoder.mid_block.attentions.0.to_q.weight"));
  }

  private int groups(List<Integer> channels) {
    boolean published = channels.stream().allMatch(width -> width % PUBLISHED_GROUPS == 0);
    return published && !channels.equals(like.blockOutChannels())
        ? PUBLISHED_GROUPS
        : like.normNumGroups();
  }

  private int size(CheckpointSource named, String name, int dimension) {
    if (!named.names().contains(name)) {
      throw new ModelFormatException(
          "%s: expected an autoencoder with '%s', found none".formatted(source.origin(), name));
    }
    long[] shape = named.shape(name);
    if (shape.length != 4) {
      throw new ModelFormatException(
          "%s: expected '%s' to have 4 dimensions, found %d"
              .formatted(source.origin(), name, shape.length));
    }
    return Math.toIntExact(shape[dimension]);
  }

  /// How many entries the list `name` has.
  private static int count(CheckpointSource source, String name) {
    return (int)
        IntStream.iterate(0, i -> i + 1)
            .takeWhile(
                i -> source.names().stream().anyMatch(key -> key.startsWith(name + "." + i + ".")))
            .count();
  }

  private boolean has(String name) {
    return source.names().contains(name);
  }

  private boolean hasPrefix(String prefix) {
    return source.names().stream().anyMatch(name -> name.startsWith(prefix));
  }

  private ModelFormatException expected(String what) {
    return new ModelFormatException(
        "%s: expected %s, found %s".formatted(source.origin(), what, Detection.describe(source)));
  }
}
