package dev.latente.pipeline;

import dev.latente.model.Checkpoint;
import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.pipeline.PromptEncoder.Told;
import dev.latente.text.ClipTextConfig;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.tokenizer.ClipTokenizer.Padding;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads a model's text encoders, and checks that they say what its U-Net listens to.
record PromptEncoderLoader(Checkpoint checkpoint, Components components, LoadOptions options) {
  private static final int SIZES = 6; // height and width: original, crop, target
  private static final int SIZES_AND_SCORE = 5; // height and width: original, crop; score

  PromptEncoder load() throws IOException {
    Told told = told();
    requireWidth();
    List<TextPart> texts = new ArrayList<>();
    for (TextEncoderPart part : checkpoint.textEncoders()) {
      texts.add(text(part));
    }
    return new PromptEncoder(
        texts, told, checkpoint.emptyPromptIsZeros(), options.embeddings(), components.device());
  }

  private Told told() {
    return switch (checkpoint.unet().config().additionEmbed()) {
      case AdditionEmbed.None _, AdditionEmbed.Picture _ -> Told.NOTHING;
      case AdditionEmbed.TextTime(int each, int width) -> {
        ClipTextConfig last = checkpoint.textEncoders().getLast().config();
        if (!last.withProjection()) {
          throw bad("a text encoder with a projection", "none");
        }
        int numbers = width - last.projectionDim();
        if (numbers == SIZES * each) {
          yield Told.POOLED_AND_SIZES;
        }
        if (numbers == SIZES_AND_SCORE * each) {
          yield Told.POOLED_AND_SCORE;
        }
        throw bad(
            "projection_class_embeddings_input_dim %d or %d"
                .formatted(
                    last.projectionDim() + SIZES * each,
                    last.projectionDim() + SIZES_AND_SCORE * each),
            Integer.toString(width));
      }
    };
  }

  private void requireWidth() {
    if (checkpoint.textEncoders().isEmpty()) {
      return; // a picture takes the place of the text
    }
    int wanted = checkpoint.unet().config().crossAttentionDim();
    List<Integer> widths =
        checkpoint.textEncoders().stream().map(part -> part.config().hiddenSize()).toList();
    if (widths.stream().mapToInt(width -> width).sum() != wanted) {
      throw bad(
          "text encoders together as wide as the U-Net's cross_attention_dim " + wanted,
          "hidden_size " + widths);
    }
  }

  private TextPart text(TextEncoderPart part) throws IOException {
    ClipTextConfig config = part.config();
    ClipTokenizer tokenizer = tokenizer(part);
    if (tokenizer.size() > config.vocabSize()
        || tokenizer.length() > config.maxPositionEmbeddings()) {
      throw bad(
          "a tokenizer of at most %d tokens, %d in a prompt"
              .formatted(config.vocabSize(), config.maxPositionEmbeddings()),
          "%d and %d".formatted(tokenizer.size(), tokenizer.length()));
    }
    return new TextPart(
        tokenizer,
        components.build(
            part.weights(), options.precision(), at -> ClipTextEncoder.of(at, config)));
  }

  /// The model's own tokenizer; for a single file, one of the vocabulary that the options find.
  private ClipTokenizer tokenizer(TextEncoderPart part) throws IOException {
    if (part.tokenizer().isPresent()) {
      return ClipTokenizer.load(part.tokenizer().get());
    }
    if (Files.isDirectory(checkpoint.origin())) {
      throw bad("a tokenizer's files", "none");
    }
    Path folder = options.tokenizers().folder(checkpoint.origin());
    Padding padding =
        switch (part.config().hiddenAct()) {
          case QUICK_GELU -> Padding.END; // OpenAI's
          case GELU -> Padding.ZERO; // OpenCLIP's
        };
    ClipTokenizer tokenizer = ClipTokenizer.ofVocabulary(folder, padding);
    if (tokenizer.size() != part.config().vocabSize()) {
      throw bad(
          "a tokenizer of %d tokens".formatted(part.config().vocabSize()),
          "%d in %s".formatted(tokenizer.size(), folder));
    }
    return tokenizer;
  }

  private ModelFormatException bad(String expected, String found) {
    return new ModelFormatException(
        "%s: expected %s, found %s".formatted(checkpoint.origin(), expected, found));
  }
}
