package dev.latente.pipeline;

import dev.latente.model.LoraFile;
import dev.latente.model.LoraMatch;
import dev.latente.nn.WeightSource;
import dev.latente.pipeline.LoraTargets.Open;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Models with LoRAs merged in, each beside its plain model, which is never touched.
///
/// A changed model shares all weights that are not changed. The last one is kept for the next
/// request with the same LoRAs; others are freed when the last request that draws with them ends.
/// Thread-safe: requests with the same LoRAs share a model, and merging is done by one at a time.
final class LoraShelf {
  /// One file as it was when it was read.
  private record Key(LoraUse use, FileTime modified, long size) {}

  /// A model with LoRAs, and what it holds.
  private static final class Changed {
    private final LoadedModel plain;
    private final List<Key> keys;
    private final LoadedModel model;
    private final List<AppliedLora> loras;
    private final List<WeightSource> weights;
    private int users;

    Changed(
        LoadedModel plain,
        List<Key> keys,
        LoadedModel model,
        List<AppliedLora> loras,
        List<WeightSource> weights) {
      this.plain = plain;
      this.keys = keys;
      this.model = model;
      this.loras = loras;
      this.weights = weights;
    }
  }

  /// The right to draw with a model until it is closed.
  ///
  /// @param loras what was merged in
  record Lease(LoadedModel model, List<AppliedLora> loras, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  private Optional<Changed> kept = Optional.empty();

  /// The model with the LoRAs of `request` merged in; the plain one if there are none.
  ///
  /// @throws UncheckedIOException if a file cannot be read
  /// @throws IllegalArgumentException if one that the prompt names is not found
  /// @throws dev.latente.nn.ModelFormatException if a file is no LoRA, or none for this model
  Lease take(LoadedModel plain, ImageRequest request) {
    try {
      return take(
          plain, request.loras().with(request.prompts().syntax().parse(request.prompt()).loras()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The model with `uses` merged in; the plain one if there are none.
  ///
  /// @throws dev.latente.nn.ModelFormatException if a file is no LoRA, or none for this model
  private synchronized Lease take(LoadedModel plain, List<LoraUse> uses) throws IOException {
    if (uses.isEmpty()) {
      return new Lease(plain, List.of(), () -> {});
    }
    List<Key> keys = new ArrayList<>();
    for (LoraUse use : uses) {
      keys.add(key(use));
    }
    Changed taken =
        kept.filter(last -> last.plain == plain && last.keys.equals(keys))
            .orElseGet(() -> keep(plain, uses, keys));
    taken.users++;
    return new Lease(taken.model, taken.loras, () -> giveBack(taken));
  }

  private static Key key(LoraUse use) throws IOException {
    Path file = use.file();
    return Files.isRegularFile(file)
        ? new Key(use, Files.getLastModifiedTime(file), Files.size(file))
        : new Key(use, FileTime.fromMillis(0), 0); // reading it will say why not
  }

  private synchronized void giveBack(Changed changed) {
    changed.users--;
    if (kept.filter(last -> last == changed).isEmpty()) {
      releaseUnused(changed);
    }
  }

  /// Keeps none for the next request. The plain model may be released after, if nobody draws.
  synchronized void clear() {
    Optional<Changed> last = kept;
    kept = Optional.empty();
    last.ifPresent(LoraShelf::releaseUnused);
  }

  private static void releaseUnused(Changed changed) {
    if (changed.users == 0) {
      changed.weights.forEach(WeightSource::release);
    }
  }

  /// Merges anew, after freeing what was kept, so that there is room.
  private Changed keep(LoadedModel plain, List<LoraUse> uses, List<Key> keys) {
    clear();
    Changed changed = merge(plain, uses, keys);
    kept = Optional.of(changed);
    return changed;
  }

  private static Changed merge(LoadedModel plain, List<LoraUse> uses, List<Key> keys) {
    LoraTargets targets = plain.loraTargets();
    List<Open> open = new ArrayList<>();
    List<WeightSource> weights = new ArrayList<>();
    try {
      List<AppliedLora> applied = new ArrayList<>();
      for (LoraUse use : uses) {
        LoraFile file = LoraFile.open(use.file());
        try {
          open.add(targets.open(use, file));
        } catch (RuntimeException | Error e) {
          file.close();
          throw e;
        }
        applied.add(applied(targets, open.getLast()));
      }
      LoadedModel model = plain.with(targets.unet(open, weights), targets.texts(open, weights));
      return new Changed(plain, keys, model, List.copyOf(applied), weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // before anything was merged
    } catch (RuntimeException | Error e) {
      weights.forEach(WeightSource::release);
      throw e;
    } finally {
      open.forEach(lora -> lora.file().close());
    }
  }

  private static AppliedLora applied(LoraTargets targets, Open lora) throws IOException {
    LoraMatch match = lora.match();
    return new AppliedLora(
        lora.use(),
        lora.file().sha256(),
        lora.file().info(),
        match.layers(targets.unet().names()),
        targets.texts().stream().mapToInt(text -> match.layers(text.names())).sum(),
        match.unmatched());
  }
}
