package dev.latente.pipeline;

import dev.latente.pipeline.Question.Batch;
import dev.latente.prompt.Pass;
import dev.latente.prompt.SubPrompt;
import dev.latente.sampling.Guidance;
import dev.latente.tensor.Device;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Conditioning.TextTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/// Prompts to what a U-Net is told of them.
///
/// @param texts the text encoders; the U-Net sees their hidden states side by side
/// @param told what it is told beside them
/// @param emptyIsZeros whether an empty negative prompt is all zeros, not an encoded text
/// @param embeddings what prompts may name
record PromptEncoder(
    List<TextPart> texts, Told told, boolean emptyIsZeros, Embeddings embeddings, Device device) {
  /// What a U-Net is told beside the hidden states.
  enum Told {
    /// Nothing: SD 1 and 2, which see the last layer's after the final norm.
    NOTHING,
    /// The last encoder's pooled text, and the sizes of the picture: SDXL.
    POOLED_AND_SIZES,
    /// The same, with a score in place of the size aimed at: SDXL's refiner.
    POOLED_AND_SCORE
  }

  /// A request's prompts, encoded.
  ///
  /// @param questions what the network is asked at each step; the last holds on
  /// @param guided whether an estimate without the prompt is among what is asked
  /// @param cut how many tokens at the prompt's end did not fit
  /// @param negativeCut how many at the negative prompt's end did not fit; 0 if it is not used
  /// @param words the hashes of the embeddings that the prompts name, by word
  record Context(
      List<Question> questions,
      boolean guided,
      int cut,
      int negativeCut,
      Map<String, String> words) {
    Context {
      questions = List.copyOf(questions);
    }

    /// The same asked `steps` later: the first question is asked before too.
    Context after(int steps) {
      List<Question> later = new ArrayList<>(Collections.nCopies(steps, questions.getFirst()));
      later.addAll(questions);
      return new Context(later, guided, cut, negativeCut, words);
    }

    /// The same with other questions.
    Context with(List<Question> others) {
      return new Context(others, guided, cut, negativeCut, words);
    }

    /// What the network is asked at `step`, counted from 0.
    Question at(int step) {
      return questions.get(Math.min(step, questions.size() - 1));
    }
  }

  PromptEncoder {
    texts = List.copyOf(texts);
  }

  /// The same with other encoders, one for each.
  PromptEncoder with(List<ClipTextEncoder> encoders) {
    List<TextPart> others = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      others.add(new TextPart(texts.get(i).tokenizer(), encoders.get(i)));
    }
    return new PromptEncoder(others, told, emptyIsZeros, embeddings, device);
  }

  /// Encodes what `request` says.
  ///
  /// @param embedded the scale of guidance, if the network applies that itself: then it is asked
  ///   without the prompt only if that has several parts
  /// @param pass the steps that a prompt's schedules are for
  Context encode(ImageRequest request, OptionalDouble embedded, Pass pass) {
    if (texts.isEmpty()) {
      return wordless(request);
    }
    PromptOptions options = request.prompts();
    List<SubPrompt> prompt = options.syntax().parse(request.prompt()).parts();
    boolean composed = prompt.size() > 1 || prompt.getFirst().weight() != 1;
    boolean active = embedded.isEmpty() && Guidance.of(request.guidance()).isActive();
    boolean guided = composed || active;
    LearnedTexts learned =
        LearnedTexts.of(
            texts, embeddings, device, request.prompt(), guided ? request.negativePrompt() : "");
    PartEncoder encoder = new PartEncoder(learned.parts(), told, options, pass, device);
    List<EncodedPart> parts = new ArrayList<>();
    if (guided) {
      SubPrompt negative = options.syntax().parseNegative(request.negativePrompt());
      EncodedPart encoded = encoder.encode(negative);
      boolean zeros = emptyIsZeros && request.negativePrompt().isEmpty();
      parts.add(zeros ? encoded.zeros() : encoded);
    }
    int negativeCut = guided ? parts.getFirst().cut() : 0;
    prompt.forEach(part -> parts.add(encoder.encode(part)));
    return new Context(
        questions(request, parts, guided, embedded, pass.steps()),
        guided,
        parts.getLast().cut(),
        negativeCut,
        learned.hashes());
  }

  /// What a network is asked in place of whose text another part of the model will stand.
  private Context wordless(ImageRequest request) {
    if (!request.prompt().isEmpty() || !request.negativePrompt().isEmpty()) {
      throw new IllegalArgumentException(
          "this model draws variations of a picture and takes no text: '%s'"
              .formatted(request.prompt().isEmpty() ? request.negativePrompt() : request.prompt()));
    }
    boolean guided = Guidance.of(request.guidance()).isActive();
    List<Integer> rows = guided ? List.of(0, 1) : List.of(0);
    Conditioning told = Conditioning.of(Tensor.full(0, rows.size(), 1, 1).to(device));
    Question question = new Question(List.of(new Batch(told, rows)), List.of(1.0), guided);
    return new Context(List.of(question), guided, 0, 0, Map.of());
  }

  /// One for each step, made once for all steps that show the same texts.
  private List<Question> questions(
      ImageRequest request,
      List<EncodedPart> parts,
      boolean guided,
      OptionalDouble embedded,
      int steps) {
    List<Double> weights =
        parts.subList(guided ? 1 : 0, parts.size()).stream().map(EncodedPart::weight).toList();
    Map<List<EncodedText>, Question> made = new HashMap<>();
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      int step = i;
      List<EncodedText> rows = parts.stream().map(part -> part.at(step)).toList();
      questions.add(
          made.computeIfAbsent(
              rows,
              _ ->
                  new Question(
                      batches(request, evened(rows, guided), guided, embedded), weights, guided)));
    }
    return questions;
  }

  /// The rows, those with the prompt's parts of one length as A1111 has them; the one without
  /// stays.
  private static List<EncodedText> evened(List<EncodedText> rows, boolean guided) {
    int first = guided ? 1 : 0;
    long most = rows.stream().skip(first).mapToLong(EncodedText::length).max().orElseThrow();
    List<EncodedText> evened = new ArrayList<>(rows.subList(0, first));
    rows.stream().skip(first).forEach(row -> evened.add(row.paddedTo(most)));
    return evened;
  }

  /// Rows of one length together.
  private List<Batch> batches(
      ImageRequest request, List<EncodedText> rows, boolean guided, OptionalDouble embedded) {
    Map<Long, List<Integer>> byLength = new LinkedHashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      byLength.computeIfAbsent(rows.get(row).length(), _ -> new ArrayList<>()).add(row);
    }
    List<Batch> batches = new ArrayList<>();
    for (List<Integer> together : byLength.values()) {
      List<EncodedText> texts = together.stream().map(rows::get).toList();
      int negatives = guided && together.getFirst() == 0 ? 1 : 0;
      Conditioning told = conditioning(request, texts, negatives);
      batches.add(
          new Batch(
              embedded.isPresent()
                  ? told.withGuidance(Tensor.full(embedded.getAsDouble(), texts.size()).to(device))
                  : told,
              together));
    }
    return batches;
  }

  /// The conditioning of as many pictures as there are texts; the first `negatives` are to be kept
  /// away from.
  private Conditioning conditioning(ImageRequest request, List<EncodedText> texts, int negatives) {
    Conditioning text = Conditioning.of(joined(texts, EncodedText::hidden));
    return switch (told) {
      case NOTHING -> text;
      case POOLED_AND_SIZES, POOLED_AND_SCORE ->
          text.withTextTime(
              new TextTime(
                  joined(texts, one -> one.pooled().orElseThrow()),
                  numbers(request, texts.size(), negatives)));
    };
  }

  private static Tensor joined(List<EncodedText> texts, Function<EncodedText, Tensor> part) {
    return Tensor.concat(0, texts.stream().map(part).toArray(Tensor[]::new));
  }

  /// A row for each of `count` pictures, the first `negatives` of which are to be kept away from.
  private Tensor numbers(ImageRequest request, int count, int negatives) {
    Tensor[] rows = new Tensor[count];
    for (int i = 0; i < count; i++) {
      boolean negative = i < negatives;
      float[] row =
          told == Told.POOLED_AND_SCORE
              ? request.micro().sizesAndScore(request.size(), negative)
              : request.micro().sizes(request.size(), negative);
      rows[i] = Tensor.of(row, 1, row.length).to(device);
    }
    return Tensor.concat(0, rows);
  }
}
