package dev.latente.scenes.reader;

import dev.latente.nn.Attention;
import dev.latente.nn.Init;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Answers what a caption says of each topic, from a text encoder's hidden states.
///
/// Each topic has a query, which attends to the tokens as a U-Net's features do, and a linear map
/// to its answers: what this can read, a U-Net's cross-attention can.
///
/// @param queries one for each topic, `[T, D]`
/// @param attention of the queries to the hidden states
/// @param answers a map for each topic
record CaptionReader(Tensor queries, Attention attention, List<Linear> answers) {
  private static final int HEADS = 4;

  /// A reader of hidden states of `width` features, a multiple of 4.
  static CaptionReader of(Weights weights, int width, List<Topic> topics) {
    Tensor queries = weights.tensor("queries", Init.normal(1), topics.size(), width);
    Attention attention = Attention.of(weights.at("attention"), width, width, HEADS);
    List<Linear> answers = new ArrayList<>();
    for (Topic topic : topics) {
      answers.add(Linear.of(weights.at("answers").at(topic.name()), width, topic.answers()));
    }
    return new CaptionReader(queries, attention, List.copyOf(answers));
  }

  /// The scores of each topic's answers, `[N, answers]`, from hidden states `[N, L, D]`.
  List<Tensor> forward(Tensor hidden) {
    long n = hidden.size(0);
    Tensor asked = queries.reshape(1, queries.size(0), queries.size(1));
    Tensor found =
        attention.forward(asked.expand(n, queries.size(0), queries.size(1)), hidden); // [N, T, D]
    List<Tensor> scores = new ArrayList<>();
    for (int topic = 0; topic < answers.size(); topic++) {
      Tensor row = found.slice(1, topic, topic + 1).reshape(n, -1);
      scores.add(answers.get(topic).forward(row));
    }
    return scores;
  }
}
