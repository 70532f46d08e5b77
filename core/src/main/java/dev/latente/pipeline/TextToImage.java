package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.RandomModel;
import dev.latente.pipeline.LoraShelf.Lease;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/// Draws pictures from text with one model, and perhaps a refiner.
///
/// ```
/// try (TextToImage model = TextToImage.open(folder, Device.CPU, Precision.F32)) {
///   ImageRequest request = model.request("a red boat on a calm lake").seed(1).build();
///   Picture picture = model.generate(request).getFirst().picture();
/// }
/// ```
///
/// Several threads may generate at once; each request runs on the thread that asks. Requests with a
/// refiner run alone. LoRAs are merged into copies of the weights that they change, so that
/// requests with other LoRAs, or none, may run beside; the last merged copies are kept for the next
/// request. The weights stay in memory until [#close].
public final class TextToImage implements AutoCloseable {
  private static final Path OWN_REFERENCE = Path.of("ip-adapter", "ip-adapter.safetensors");

  private final ModelSlot base;
  private final Optional<ModelSlot> refiner;
  private final String name;
  private final ModelDefaults defaults;
  private final double loadSeconds;
  private final int enlarging;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(); // read: in use, write: changing
  private final LoraShelf shelf = new LoraShelf();
  private boolean closed;

  private TextToImage(ModelSlot slot, LoadOptions options) {
    Stopwatch watch = new Stopwatch();
    base = slot;
    refiner = options.refiner().map(other -> new ModelSlot(other, options.ofRefiner()));
    LoadedModel model = base.load();
    name = model.name();
    defaults = model.defaults();
    enlarging = model.enlarging();
    loadSeconds = watch.lap();
  }

  /// Loads a model.
  ///
  /// @param path a folder in diffusers' layout, or a single file in the original naming
  /// @param device where to compute
  /// @param precision of the weights
  /// @throws dev.latente.nn.ModelFormatException if it is not a model that can be read, or one that
  ///   cannot draw from text alone
  public static TextToImage open(Path path, Device device, Precision precision) throws IOException {
    return open(path, LoadOptions.of(device, precision));
  }

  /// As [#open(Path, Device, Precision)], with more to say about it.
  public static TextToImage open(Path path, LoadOptions options) throws IOException {
    return open(new ModelSlot(path, options), options);
  }

  /// Makes an untrained model, to measure with.
  ///
  /// @param stored the precision that its weights are as if stored in
  /// @param tokenizer the folder of any CLIP tokenizer of at most 49408 tokens
  public static TextToImage untrained(
      RandomModel model, Precision stored, Path tokenizer, LoadOptions options) throws IOException {
    return open(new ModelSlot(tokenizer, options, () -> model.open(tokenizer, stored)), options);
  }

  private static TextToImage open(ModelSlot slot, LoadOptions options) throws IOException {
    try {
      return new TextToImage(slot, options);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// What users call the model.
  public String name() {
    return name;
  }

  /// What it is sampled with unless a request says otherwise.
  public ModelDefaults defaults() {
    return defaults;
  }

  /// How long loading took.
  public double loadSeconds() {
    return loadSeconds;
  }

  /// A request with the model's own size, steps and guidance, to be changed.
  public ImageRequest.Builder request(String prompt) {
    return defaults.request(prompt).enlarging(enlarging);
  }

  /// Loads a reference model (IP-Adapter) to let this model look at pictures.
  ///
  /// @param file a `.safetensors` or `.bin` file; its image encoder is looked for in
  ///   `image_encoder` beside it, or in the folder of this model
  /// @throws dev.latente.nn.ModelFormatException if it is none, or made for other models
  public ReferenceModel openReference(Path file) throws IOException {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed: " + name);
      }
      return ReferenceModel.load(file, base.path(), base.load());
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Loads the reference model that this model's folder brings in
  /// `ip-adapter/ip-adapter.safetensors`, if it does.
  ///
  /// @throws dev.latente.nn.ModelFormatException if it cannot be read
  public Optional<ReferenceModel> openOwnReference() throws IOException {
    Path file = base.path().resolve(OWN_REFERENCE);
    return Files.isRegularFile(file) ? Optional.of(openReference(file)) : Optional.empty();
  }

  /// Loads a ControlNet or T2I-Adapter to guide this model.
  ///
  /// @param path a folder in diffusers' layout, or a single file in the original naming or
  ///   diffusers'
  /// @throws dev.latente.nn.ModelFormatException if it is neither, or made for other models
  public ControlModel openControl(Path path) throws IOException {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed: " + name);
      }
      return ControlModel.load(path, base.load());
    } finally {
      lock.readLock().unlock();
    }
  }

  /// The pictures of `request`.
  public List<GeneratedImage> generate(ImageRequest request) {
    return generate(request, ProgressListener.none());
  }

  /// The pictures of `request`, telling `listener` of each step.
  ///
  /// @throws java.util.concurrent.CancellationException if the listener threw it
  public List<GeneratedImage> generate(ImageRequest request, ProgressListener listener) {
    List<GeneratedImage> pictures = new ArrayList<>();
    generate(request, listener, pictures::add);
    return List.copyOf(pictures);
  }

  /// Merges the LoRAs of `request` into the weights they change, as [#generate] would, and tells
  /// what matched; the next request with the same LoRAs finds them merged.
  ///
  /// @throws IllegalArgumentException if a LoRA that the prompt names is not found
  /// @throws dev.latente.nn.ModelFormatException if a LoRA's file cannot be read, or is none for
  ///   this model
  public List<AppliedLora> mergeLoras(ImageRequest request) {
    lock.readLock().lock();
    try {
      requireOpen();
      try (Lease lease = shelf.take(base.load(), request)) {
        return lease.loras();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Frees the copies of weights that are kept for the next request with the same LoRAs.
  public void releaseLoras() {
    shelf.clear();
  }

  /// Draws the pictures of `request` one after the other, and hands each over when it is finished.
  ///
  /// @throws IllegalArgumentException if the model cannot draw that size or in so many steps, or a
  ///   LoRA that the prompt names is not found
  /// @throws dev.latente.nn.ModelFormatException if a LoRA's file cannot be read, or is none for
  ///   this model
  /// @throws IllegalStateException if the model was closed
  /// @throws UncheckedIOException if weights that were put away cannot be read again
  /// @throws java.util.concurrent.CancellationException if `listener` or `pictures` threw it
  public void generate(
      ImageRequest request, ProgressListener listener, Consumer<GeneratedImage> pictures) {
    boolean refined = request.refinerAt().isPresent();
    if (refined && refiner.isEmpty()) {
      throw new IllegalArgumentException(
          "a hand-over at %s needs a refiner: none was opened with the model"
              .formatted(request.refinerAt().getAsDouble()));
    }
    Lock held = refined ? lock.writeLock() : lock.readLock();
    held.lock();
    try {
      requireOpen();
      try (Scope _ = Scope.open()) {
        if (refined) {
          refine(request, listener, pictures);
        } else {
          draw(request, listener, pictures);
        }
      }
    } finally {
      held.unlock();
    }
  }

  /// What comes back of `picture` when the model's autoencoder encodes and decodes it; the picture
  /// itself if diffusion happens among pixels.
  ///
  /// @throws IllegalArgumentException if the model cannot encode that size
  /// @throws IllegalStateException if the model was closed
  public Picture reconstruct(Picture picture) {
    lock.readLock().lock();
    try {
      requireOpen();
      try (Scope _ = Scope.open()) {
        return base.load().reconstruct(picture);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private void draw(
      ImageRequest request, ProgressListener listener, Consumer<GeneratedImage> pictures) {
    try (Lease lease = shelf.take(base.load(), request)) {
      new Generation(lease.model(), request, listener)
          .run(image -> pictures.accept(image.withLoras(lease.loras())));
    }
  }

  /// The refiner is another model, which the LoRAs were not made for.
  private void refine(
      ImageRequest request, ProgressListener listener, Consumer<GeneratedImage> pictures) {
    ModelSlot second = refiner.orElseThrow();
    Generation generation;
    List<AppliedLora> loras;
    try (Lease lease = shelf.take(base.load(), request)) {
      generation = new Generation(lease.model(), request, listener);
      generation.begin();
      loras = lease.loras();
    }
    shelf.clear();
    base.release();
    try {
      generation.refine(second.load(), image -> pictures.accept(image.withLoras(loras)));
    } finally {
      second.release();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model is closed: " + name);
    }
  }

  /// Frees the weights, after waiting for requests on other threads to end.
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      shelf.clear();
      base.release();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
