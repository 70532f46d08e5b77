package dev.latente.pipeline;

import dev.latente.pipeline.PromptEncoder.Told;
import dev.latente.prompt.Emphasis;
import dev.latente.prompt.Pass;
import dev.latente.prompt.PromptChunk;
import dev.latente.prompt.PromptChunks;
import dev.latente.prompt.PromptSchedule;
import dev.latente.prompt.PromptSchedule.Stage;
import dev.latente.prompt.SubPrompt;
import dev.latente.tensor.Device;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Encodes the parts of a prompt.
///
/// Of a plain text, diffusers' way: once, cut at the encoder's length. In A1111's syntax, its way:
/// each text of the schedule in chunks, all of them padded with empty chunks to the longest, words
/// weighted.
///
/// @param told what the U-Net is told beside hidden states
/// @param pass the steps that schedules are for
record PartEncoder(
    List<TextPart> encoders, Told told, PromptOptions options, Pass pass, Device device) {

  /// SDXL's own choice of a layer, counted from the last: Podell et al. (2023), section 2.1.
  private static final int XL_SKIP = 2;

  EncodedPart encode(SubPrompt part) {
    PromptSchedule schedule = part.schedule(pass);
    return switch (part.syntax()) {
      case PLAIN -> plain(part, schedule);
      case A1111 -> chunked(part, schedule);
    };
  }

  private EncodedPart plain(SubPrompt part, PromptSchedule schedule) {
    List<Hidden> parts = new ArrayList<>();
    int cut = 0;
    for (TextPart encoder : encoders) {
      Encoding encoding = encoder.plain(part.text());
      cut = Math.max(cut, encoding.cut());
      parts.add(hidden(encoder, ids(List.of(encoding.ids()))));
    }
    return new EncodedPart(part.weight(), schedule, Map.of(part.text(), joined(parts)), cut);
  }

  private EncodedPart chunked(SubPrompt part, PromptSchedule schedule) {
    Map<String, Integer> times = new LinkedHashMap<>(); // how many stages show a text
    for (Stage stage : schedule.stages()) {
      times.merge(stage.text(), 1, Integer::sum);
    }
    List<String> texts = List.copyOf(times.keySet());
    List<List<PromptChunks>> chunks = // by encoder, then by text
        encoders.stream()
            .map(encoder ->
                texts.stream()
                    .map(text ->
                        encoder.chunks(part.fragments(new Stage(0, text), options.emphasis())))
                    .toList())
            .toList();
    int most =
        chunks.stream().flatMap(List::stream).mapToInt(c -> c.chunks().size()).max().orElseThrow();
    List<List<Hidden>> encoded = new ArrayList<>();
    for (int i = 0; i < encoders.size(); i++) {
      List<PromptChunks> padded =
          chunks.get(i).stream().map(chunk -> chunk.paddedTo(most)).toList();
      encoded.add(weighted(encoders.get(i), padded, List.copyOf(times.values())));
    }
    Map<String, EncodedText> result = new LinkedHashMap<>();
    for (int t = 0; t < texts.size(); t++) {
      int text = t;
      result.put(texts.get(t), joined(encoded.stream().map(list -> list.get(text)).toList()));
    }
    return new EncodedPart(part.weight(), schedule, result, 0);
  }

  /// What one encoder makes of one text: states `[chunks, L, D]`, and the first chunk's pooled
  /// text.
  private record Hidden(Tensor states, Optional<Tensor> pooled) {}

  private List<Hidden> weighted(TextPart encoder, List<PromptChunks> texts, List<Integer> times) {
    List<Hidden> encoded =
        texts.stream()
            .map(text ->
                hidden(encoder, ids(text.chunks().stream().map(PromptChunk::tokens).toList())))
            .toList();
    if (texts.stream().noneMatch(PromptChunks::weighted)) {
      return encoded;
    }
    List<Tensor> weighted = new ArrayList<>();
    for (int t = 0; t < texts.size(); t++) {
      Tensor states = encoded.get(t).states();
      weighted.add(states.times(weights(texts.get(t)).like(states)));
    }
    Tensor scale =
        options.emphasis() == Emphasis.ORIGINAL
            ? Renormalization.factors(
                encoded.stream().map(Hidden::states).toList(), weighted, times)
            : Tensor.full(1, 1, 1, 1);
    List<Hidden> result = new ArrayList<>();
    for (int t = 0; t < texts.size(); t++) {
      Tensor states = weighted.get(t);
      result.add(new Hidden(states.times(scale.like(states)), encoded.get(t).pooled()));
    }
    return result;
  }

  /// The weights of a text's tokens, `[chunks, L, 1]`.
  private static Tensor weights(PromptChunks text) {
    int length = text.chunks().getFirst().tokens().length;
    float[] all = new float[text.chunks().size() * length];
    for (int c = 0; c < text.chunks().size(); c++) {
      System.arraycopy(text.chunks().get(c).weights(), 0, all, c * length, length);
    }
    return Tensor.of(all, text.chunks().size(), length, 1);
  }

  private Tensor ids(List<int[]> rows) {
    long[] all = rows.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    return Tensor.of(all, rows.size(), all.length / rows.size()).to(device);
  }

  /// The states that the U-Net listens to: of SD 1 and 2 after the final norm, of XL before it.
  private Hidden hidden(TextPart part, Tensor ids) {
    int layers = part.encoder().config().numHiddenLayers();
    int skip =
        switch (told) {
          case NOTHING -> options.clipSkip();
          case POOLED_AND_SIZES, POOLED_AND_SCORE -> Math.max(XL_SKIP, options.clipSkip());
        };
    if (skip > layers) {
      throw new IllegalArgumentException(
          "clip skip must be at most %d for this model: %d".formatted(layers, options.clipSkip()));
    }
    return switch (told) {
      case NOTHING -> new Hidden(part.encoder().encode(ids, skip - 1), Optional.empty());
      case POOLED_AND_SIZES, POOLED_AND_SCORE -> {
        if (part != encoders.getLast()) {
          yield new Hidden(part.encoder().encodeHidden(ids, skip - 1), Optional.empty());
        }
        ClipTextEncoder.Pooled both = part.encoder().encodePooled(ids, skip - 1);
        yield new Hidden(both.hidden(), Optional.of(both.pooled().slice(0, 0, 1)));
      }
    };
  }

  /// The encoders' states side by side, the chunks one after the other.
  private static EncodedText joined(List<Hidden> parts) {
    Tensor[] states =
        parts.stream()
            .map(part -> part.states().reshape(1, -1, part.states().size(2)))
            .toArray(Tensor[]::new);
    return new EncodedText(Tensor.concat(-1, states), parts.getLast().pooled());
  }
}
