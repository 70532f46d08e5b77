package dev.latente.pipeline;

import dev.latente.model.EmbeddingFile;
import dev.latente.model.EmbeddingFile.Vectors;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Device;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Text encoders that know the embeddings that a request's prompts name.
///
/// @param parts the encoders
/// @param hashes of the embeddings' files, by word
record LearnedTexts(List<TextPart> parts, Map<String, String> hashes) {
  /// As many digits as A1111 writes.
  private static final int HASH_DIGITS = 12;

  LearnedTexts {
    parts = List.copyOf(parts);
  }

  /// `encoders`, and what `prompts` name of `embeddings`; call it inside a scope.
  ///
  /// @throws ModelFormatException if an embedding is for other encoders
  static LearnedTexts of(
      List<TextPart> encoders, Embeddings embeddings, Device device, String... prompts) {
    TreeSet<String> used = new TreeSet<>();
    WordFinder finder = WordFinder.of(embeddings.files().keySet());
    for (String prompt : prompts) {
      finder.split(prompt).stream()
          .filter(WordFinder.Piece::known)
          .forEach(word -> used.add(word.text()));
    }
    if (used.isEmpty()) {
      return new LearnedTexts(encoders, Map.of());
    }
    Map<String, EmbeddingFile> files = new LinkedHashMap<>();
    Map<String, String> hashes = new LinkedHashMap<>();
    try {
      for (String word : used) {
        Path file = embeddings.files().getOrDefault(word, Path.of(word));
        EmbeddingFile read = Embeddings.read(file);
        require(read, file, encoders);
        files.put(word, read);
        hashes.put(word, hash(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<TextPart> parts = new ArrayList<>();
    for (int i = 0; i < encoders.size(); i++) {
      parts.add(knowing(encoders, i, files, device));
    }
    return new LearnedTexts(parts, hashes);
  }

  private static void require(EmbeddingFile embedding, Path file, List<TextPart> encoders) {
    for (int i = 0; i < encoders.size(); i++) {
      if (fitting(embedding, encoders, i).isEmpty()) {
        throw new ModelFormatException(
            "%s: expected an embedding of width %s for this model, found %s"
                .formatted(
                    file,
                    encoders.stream().map(LearnedTexts::width).toList(),
                    embedding.vectors().stream().map(Vectors::width).toList()));
      }
    }
  }

  /// The vectors for the encoder number `index`; SDXL's refiner has the second of the pair alone.
  private static Optional<Vectors> fitting(
      EmbeddingFile embedding, List<TextPart> encoders, int index) {
    TextPart part = encoders.get(index);
    int given = embedding.vectors().size();
    boolean second = encoders.size() == 1 && part.encoder().config().withProjection();
    boolean fits = given == encoders.size() || (given == 2 && second);
    return fits
        ? Optional.of(embedding.vectors().get(second ? given - 1 : index))
            .filter(vectors -> vectors.width() == width(part))
        : Optional.empty();
  }

  private static int width(TextPart part) {
    return part.encoder().config().hiddenSize();
  }

  /// The encoder with tokens past its vocabulary, one for each vector.
  private static TextPart knowing(
      List<TextPart> encoders, int index, Map<String, EmbeddingFile> files, Device device) {
    TextPart part = encoders.get(index);
    int next = part.encoder().config().vocabSize();
    Map<String, int[]> words = new LinkedHashMap<>();
    List<Tensor> rows = new ArrayList<>();
    for (Map.Entry<String, EmbeddingFile> file : files.entrySet()) {
      Vectors vectors = fitting(file.getValue(), encoders, index).orElseThrow();
      int[] tokens = new int[vectors.count()];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = next++;
      }
      words.put(file.getKey(), tokens);
      rows.add(Tensor.of(vectors.values(), vectors.count(), vectors.width()));
    }
    Tensor table = Tensor.concat(0, rows.toArray(Tensor[]::new)).to(device);
    return new TextPart(part.tokenizer(), part.encoder().withLearned(table), words);
  }

  private static String hash(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      String all = HexFormat.of().formatHex(digest.getMessageDigest().digest());
      return all.substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
