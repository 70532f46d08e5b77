package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The vectors of a textual-inversion embedding: what a word of it means to each text encoder. [Gal
/// et al. (2022)](https://arxiv.org/abs/2208.01618).
///
/// @param token the word it was trained with, if the file tells
/// @param vectors for the only encoder; or, of SDXL, for the first and the second
public record EmbeddingFile(Optional<String> token, List<Vectors> vectors) {
  private static final String A1111 = "string_to_param";
  private static final String KOHYA = "emb_params";

  /// What SDXL's two encoders' vectors are called.
  private static final List<List<String>> PAIRS =
      List.of(List.of("clip_l", "clip_g"), List.of("text_encoders_0", "text_encoders_1"));

  /// More vectors than this fit in no chunk of a prompt.
  private static final int MOST_VECTORS = 75;

  /// Vectors, one for each token that the word takes.
  ///
  /// @param width how long each is
  /// @param values all of them, one after the other
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  public record Vectors(int width, float[] values) {
    /// Keeps a copy.
    public Vectors {
      values = values.clone();
    }

    /// A copy of the numbers.
    @Override
    public float[] values() {
      return values.clone();
    }

    /// How many vectors there are.
    public int count() {
      return values.length / width;
    }
  }

  public EmbeddingFile {
    vectors = List.copyOf(vectors);
  }

  /// Reads A1111's `.pt`, diffusers' `learned_embeds`, and safetensors files of either, of kohya's
  /// scripts, or with SDXL's pair.
  ///
  /// @throws ModelFormatException if it is none of these
  public static EmbeddingFile read(Path file) throws IOException {
    try (CheckpointSource source = TensorFile.open(file);
        Scope _ = Scope.open()) {
      List<String> names = List.copyOf(source.names());
      for (List<String> pair : PAIRS) {
        if (names.containsAll(pair)) {
          List<Vectors> both = new ArrayList<>();
          pair.forEach(name -> both.add(vectors(source, name)));
          return new EmbeddingFile(Optional.empty(), both);
        }
      }
      Optional<String> only =
          names.stream()
              .filter(name -> name.startsWith(A1111 + ".") || name.equals(KOHYA))
              .findFirst();
      if (only.isPresent()) {
        return new EmbeddingFile(Optional.empty(), List.of(vectors(source, only.get())));
      }
      if (names.size() == 1) {
        String token = names.getFirst();
        return new EmbeddingFile(Optional.of(token), List.of(vectors(source, token)));
      }
      throw new ModelFormatException(
          "%s: expected a textual inversion (%s, %s, clip_l and clip_g, or one tensor), found %d tensors%s"
              .formatted(
                  file,
                  A1111,
                  KOHYA,
                  names.size(),
                  names.isEmpty() ? "" : " such as " + names.getFirst()));
    }
  }

  private static Vectors vectors(CheckpointSource source, String name) {
    Tensor tensor = source.read(name, Precision.F32);
    long[] shape = tensor.shape();
    int width = shape.length == 0 ? 0 : (int) shape[shape.length - 1];
    boolean fits = (shape.length == 1 || shape.length == 2) && width > 0;
    return checked(
        source.origin() + ": " + name,
        fits ? width : 0,
        fits ? tensor.toFloatArray() : new float[0]);
  }

  /// Reads the JSON that A1111 puts into pictures.
  ///
  /// @param origin the picture's file, for messages
  public static EmbeddingFile parse(byte[] json, String origin) {
    JsonNode root = Json.parse(origin, ByteBuffer.wrap(json));
    Map.Entry<String, JsonNode> first =
        root.path(A1111).properties().stream()
            .findFirst()
            .orElseThrow(
                () -> new ModelFormatException(origin + ": expected " + A1111 + ", found none"));
    JsonNode rows = first.getValue().path("TORCHTENSOR");
    List<Float> values = new ArrayList<>();
    int width = rows.path(0).size();
    for (JsonNode row : rows.values()) {
      if (row.size() != width) {
        throw new ModelFormatException(origin + ": expected vectors of one length, found others");
      }
      row.values().forEach(value -> values.add((float) value.asDouble(Double.NaN)));
    }
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = values.get(i);
    }
    String name = root.path("name").asString("");
    return new EmbeddingFile(
        name.isBlank() ? Optional.empty() : Optional.of(name),
        List.of(checked(origin, width, numbers)));
  }

  private static Vectors checked(String origin, int width, float... values) {
    if (width == 0 || values.length == 0 || values.length > (long) MOST_VECTORS * width) {
      throw new ModelFormatException(
          "%s: expected 1 to %d vectors, found %s"
              .formatted(origin, MOST_VECTORS, width == 0 ? "none" : values.length / width));
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new ModelFormatException(origin + ": expected finite numbers, found " + value);
      }
    }
    return new Vectors(width, values);
  }
}
