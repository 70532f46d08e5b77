package dev.latente.pipeline;

import dev.latente.prompt.LoraTag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The LoRAs of a request.
///
/// @param uses those named by their files
/// @param folder where those are looked for that the prompt names, `<lora:name:0.8>`
public record LoraOptions(List<LoraUse> uses, Optional<Path> folder) {
  private static final LoraOptions NONE = new LoraOptions(List.of(), Optional.empty());

  public LoraOptions {
    uses = List.copyOf(uses);
  }

  /// None, and no folder.
  public static LoraOptions none() {
    return NONE;
  }

  /// These files.
  public static LoraOptions of(LoraUse... uses) {
    return new LoraOptions(List.of(uses), Optional.empty());
  }

  /// The same with another folder.
  public LoraOptions withFolder(Path other) {
    return new LoraOptions(uses, Optional.of(other));
  }

  /// Those named by their files, then those of the prompt's tags.
  ///
  /// @throws IllegalArgumentException if there are tags but no folder, a name is not in it, or two
  ///   files have it
  List<LoraUse> with(List<LoraTag> tags) throws IOException {
    List<LoraUse> all = new ArrayList<>(uses);
    if (!tags.isEmpty()) {
      LoraFolder files = files(tags.getFirst());
      for (LoraTag tag : tags) {
        all.add(new LoraUse(files.find(tag.name()), tag.unet(), tag.textEncoder()));
      }
    }
    return all;
  }

  private LoraFolder files(LoraTag first) throws IOException {
    return LoraFolder.of(
        folder.orElseThrow(() ->
            new IllegalArgumentException(
                "<lora:%s> in the prompt needs a folder to look in: none given (--lora-dir)"
                    .formatted(first.name()))));
  }
}
