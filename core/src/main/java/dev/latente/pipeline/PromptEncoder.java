package dev.latente.pipeline;

import dev.latente.tensor.Device;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.tokenizer.Encoding;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Conditioning.TextTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Prompts to what a U-Net is told of them.
///
/// @param texts the text encoders; the U-Net sees their hidden states side by side
/// @param told what it is told beside them
/// @param emptyIsZeros whether an empty negative prompt is all zeros, not an encoded text
record PromptEncoder(List<TextPart> texts, Told told, boolean emptyIsZeros, Device device) {
  /// The penultimate layer's hidden states are XL's: Podell et al. (2023), section 2.1.
  private static final int SKIPPED_BY_XL = 1;

  /// Scores from 1 to 10 of pictures to come near to and to keep away from, as in diffusers.
  private static final float SCORE = 6;

  private static final float NEGATIVE_SCORE = 2.5F;

  /// A text encoder and its tokenizer.
  record TextPart(ClipTokenizer tokenizer, ClipTextEncoder encoder) {}

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
  /// @param conditioning of one picture with the prompt; with guidance, of one with the negative
  ///   prompt and of one with the prompt
  /// @param cut how many tokens at the prompt's end did not fit
  /// @param negativeCut how many at the negative prompt's end did not fit; 0 if it is not used
  record Context(Conditioning conditioning, int cut, int negativeCut) {
    /// The same for a network that is told the scale of guidance.
    Context withGuidance(Tensor scales) {
      return new Context(conditioning.withGuidance(scales), cut, negativeCut);
    }
  }

  /// One prompt: hidden states `[1, L, D]`, and pooled `[1, P]` if the U-Net is told that.
  private record Prompt(Tensor hidden, Optional<Tensor> pooled, int cut) {
    Prompt zeros() {
      return new Prompt(zeros(hidden), pooled.map(Prompt::zeros), 0);
    }

    private static Tensor zeros(Tensor x) {
      return Tensor.full(0, x.shape()).like(x);
    }
  }

  PromptEncoder {
    texts = List.copyOf(texts);
  }

  /// Encodes what `request` says.
  ///
  /// @param guided whether the network will be asked with and without the prompt
  Context encode(ImageRequest request, boolean guided) {
    Prompt with = prompt(request.prompt());
    if (!guided) {
      return new Context(conditioning(request, with), with.cut(), 0);
    }
    boolean zeros = emptyIsZeros && request.negativePrompt().isEmpty();
    Prompt without = zeros ? with.zeros() : prompt(request.negativePrompt());
    return new Context(conditioning(request, without, with), with.cut(), without.cut());
  }

  private Prompt prompt(String prompt) {
    List<Tensor> hidden = new ArrayList<>();
    Optional<Tensor> pooled = Optional.empty();
    int cut = 0;
    for (TextPart text : texts) {
      Encoding encoding = text.tokenizer().encode(prompt);
      cut = Math.max(cut, encoding.cut());
      long[] numbers = Arrays.stream(encoding.ids()).asLongStream().toArray();
      Tensor ids = Tensor.of(numbers, 1, numbers.length).to(device);
      switch (told) {
        case NOTHING -> hidden.add(text.encoder().encode(ids));
        case POOLED_AND_SIZES, POOLED_AND_SCORE -> {
          if (text == texts.getLast()) {
            ClipTextEncoder.Pooled both = text.encoder().encodePooled(ids, SKIPPED_BY_XL);
            hidden.add(both.hidden());
            pooled = Optional.of(both.pooled());
          } else {
            hidden.add(text.encoder().encodeHidden(ids, SKIPPED_BY_XL));
          }
        }
      }
    }
    return new Prompt(Tensor.concat(-1, hidden.toArray(Tensor[]::new)), pooled, cut);
  }

  /// The conditioning of as many pictures as there are prompts; the last one is to be come near to.
  private Conditioning conditioning(ImageRequest request, Prompt... prompts) {
    Conditioning text = Conditioning.of(joined(Prompt::hidden, prompts));
    return switch (told) {
      case NOTHING -> text;
      case POOLED_AND_SIZES, POOLED_AND_SCORE ->
          text.withTextTime(
              new TextTime(
                  joined(prompt -> prompt.pooled().orElseThrow(), prompts),
                  numbers(request, prompts.length)));
    };
  }

  private static Tensor joined(Function<Prompt, Tensor> part, Prompt... prompts) {
    return Tensor.concat(0, Arrays.stream(prompts).map(part).toArray(Tensor[]::new));
  }

  /// A row for each of `count` pictures: a whole picture of the size that is drawn, as if it had
  /// neither been shrunk nor cropped.
  private Tensor numbers(ImageRequest request, int count) {
    float height = request.height();
    float width = request.width();
    Tensor[] rows = new Tensor[count];
    for (int i = 0; i < count; i++) {
      float score = i == count - 1 ? SCORE : NEGATIVE_SCORE;
      float[] row =
          told == Told.POOLED_AND_SCORE
              ? new float[] {height, width, 0, 0, score}
              : new float[] {height, width, 0, 0, height, width};
      rows[i] = Tensor.of(row, 1, row.length).to(device);
    }
    return Tensor.concat(0, rows);
  }
}
