package dev.latente.scenes.reader;

import dev.latente.scenes.caption.Captions;
import dev.latente.scenes.caption.Language;
import dev.latente.scenes.world.Scene;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.tokenizer.Encoding;
import dev.latente.training.Objective;
import dev.latente.training.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What a text encoder and its reader should do: tell what captions say.
///
/// The sum of the cross-entropies of all topics. Of what a caption leaves out the best answer is
/// how often each is right, so that no caption is a mistake.
record CaptionObjective(
    ClipTextEncoder encoder,
    CaptionReader reader,
    ClipTokenizer tokenizer,
    List<Topic> topics,
    int batch,
    long seed)
    implements Objective {
  private static final int SCENES = 1;
  private static final int PADDING = 4; // start, end and two more

  @Override
  public Tensor loss(long step) {
    SplittableRandom random = Seeds.random(seed, step, SCENES);
    List<Scene> scenes = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      Scene scene = Scene.random(random.nextLong());
      Language language = Language.values()[i % Language.values().length];
      scenes.add(scene);
      captions.add(Captions.write(scene, language, random).text());
    }
    List<Tensor> scores = reader.forward(encoder.forward(ids(captions)));
    Tensor loss = Tensor.full(0, 1);
    for (int i = 0; i < topics.size(); i++) {
      loss = loss.plus(scores.get(i).crossEntropy(answers(topics.get(i), scenes)));
    }
    return loss.mean();
  }

  /// The token ids of `captions`, padded a little beyond the longest, `[N, L]`: nothing else would
  /// change with more padding, as tokens look back only.
  Tensor ids(List<String> captions) {
    List<Encoding> encodings = captions.stream().map(tokenizer::encode).toList();
    int longest = encodings.stream().mapToInt(Encoding::tokens).max().orElse(0);
    int length = Math.min(tokenizer.length(), longest + PADDING);
    long[] ids = new long[captions.size() * length];
    int offset = 0;
    for (Encoding encoding : encodings) {
      int[] all = encoding.ids();
      for (int i = 0; i < length; i++) {
        ids[offset++] = all[i];
      }
    }
    return Tensor.of(ids, captions.size(), length);
  }

  private static Tensor answers(Topic topic, List<Scene> scenes) {
    long[] right = scenes.stream().mapToLong(scene -> topic.answer().applyAsInt(scene)).toArray();
    return Tensor.of(right, right.length);
  }
}
