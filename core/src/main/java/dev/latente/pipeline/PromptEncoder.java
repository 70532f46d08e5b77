package dev.latente.pipeline;

import dev.latente.sampling.Guidance;
import dev.latente.tensor.Device;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.tokenizer.Encoding;
import java.util.Arrays;

/// Prompts to the hidden states a U-Net attends to.
record PromptEncoder(ClipTokenizer tokenizer, ClipTextEncoder encoder, Device device) {

  /// A request's prompts, encoded.
  ///
  /// @param context hidden states `[1, L, D]` of the prompt; with guidance `[2, L, D]`, those of
  ///   the negative prompt first
  /// @param cut how many tokens at the prompt's end did not fit
  /// @param negativeCut how many at the negative prompt's end did not fit; 0 if it is not used
  record Context(Tensor context, int cut, int negativeCut) {}

  Context encode(ImageRequest request) {
    Encoding prompt = tokenizer.encode(request.prompt());
    Tensor with = encode(prompt);
    if (!Guidance.of(request.guidance()).isActive()) {
      return new Context(with, prompt.cut(), 0);
    }
    Encoding negative = tokenizer.encode(request.negativePrompt());
    return new Context(Tensor.concat(0, encode(negative), with), prompt.cut(), negative.cut());
  }

  private Tensor encode(Encoding encoding) {
    long[] ids = Arrays.stream(encoding.ids()).asLongStream().toArray();
    return encoder.encode(Tensor.of(ids, 1, ids.length).to(device));
  }
}
