package dev.latente.pipeline;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How a model is loaded.
///
/// @param device where to compute
/// @param precision of the weights
/// @param memory how much may be taken for speed
/// @param tokenizers where the vocabulary of a model comes from that brings none
/// @param like a folder in diffusers' layout whose configs a single file is read by; if empty, the
///   published model of its kind, which its tensors tell
/// @param refiner a second model, a folder or file, that may end what the first one began; only one
///   of the two is in memory at a time
/// @param embeddings what prompts may name
/// @param vae what takes the place of the model's autoencoder, and how it is used
/// @param safetyChecker whether the model's safety checker, if its folder has one, looks at the
///   pictures
public record LoadOptions(
    Device device,
    Precision precision,
    MemoryUse memory,
    TokenizerFiles tokenizers,
    Optional<Path> like,
    Optional<Path> refiner,
    Embeddings embeddings,
    VaeOptions vae,
    boolean safetyChecker) {

  /// A model as it is; CLIP's vocabulary is looked for beside it.
  public static LoadOptions of(Device device, Precision precision) {
    return new LoadOptions(
        device,
        precision,
        MemoryUse.BALANCED,
        TokenizerFiles.search(List.of()),
        Optional.empty(),
        Optional.empty(),
        Embeddings.none(),
        VaeOptions.usual(),
        true);
  }

  /// The same with more or less memory.
  public LoadOptions withMemory(MemoryUse use) {
    return new LoadOptions(
        device, precision, use, tokenizers, like, refiner, embeddings, vae, safetyChecker);
  }

  /// The same with another source of vocabularies.
  public LoadOptions withTokenizers(TokenizerFiles source) {
    return new LoadOptions(
        device, precision, memory, source, like, refiner, embeddings, vae, safetyChecker);
  }

  /// The same for a single file whose sizes are those of the model in `folder`.
  public LoadOptions withLike(Path folder) {
    return new LoadOptions(
        device,
        precision,
        memory,
        tokenizers,
        Optional.of(folder),
        refiner,
        embeddings,
        vae,
        safetyChecker);
  }

  /// The same with a refiner.
  public LoadOptions withRefiner(Path model) {
    return new LoadOptions(
        device,
        precision,
        memory,
        tokenizers,
        like,
        Optional.of(model),
        embeddings,
        vae,
        safetyChecker);
  }

  /// The same with embeddings that prompts may name.
  public LoadOptions withEmbeddings(Embeddings known) {
    return new LoadOptions(
        device, precision, memory, tokenizers, like, refiner, known, vae, safetyChecker);
  }

  /// The same with another autoencoder, or with its use changed.
  public LoadOptions withVae(VaeOptions options) {
    return new LoadOptions(
        device, precision, memory, tokenizers, like, refiner, embeddings, options, safetyChecker);
  }

  /// The same without the safety checker that a model's folder may have.
  public LoadOptions withoutSafetyChecker() {
    return new LoadOptions(
        device, precision, memory, tokenizers, like, refiner, embeddings, vae, false);
  }

  /// The same for the refiner itself, whose sizes are its own.
  LoadOptions ofRefiner() {
    return new LoadOptions(
        device,
        precision,
        memory,
        tokenizers,
        Optional.empty(),
        Optional.empty(),
        embeddings,
        vae,
        safetyChecker);
  }
}
