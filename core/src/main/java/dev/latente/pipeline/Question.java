package dev.latente.pipeline;

import dev.latente.sampling.Guidance;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a network is asked at one step: what it sees without the prompt, if that is needed, and
/// with each part of it.
///
/// @param batches what is told together; the rows of all, in order, are: without the prompt, if
///   `guided`, and then with each part
/// @param weights of the parts, in order
/// @param guided whether one row is without the prompt; if not, there is one part of weight 1
record Question(List<Batch> batches, List<Double> weights, boolean guided) {
  /// Rows that can be asked at once, as their texts are of one length.
  ///
  /// @param told of each row
  /// @param rows their numbers
  record Batch(Conditioning told, List<Integer> rows) {}

  /// A network.
  interface Network {
    /// Its output for `x` `[N, C, H, W]`, of which each picture is told its own row.
    ///
    /// @param x all pictures for the first row of a batch, all for the second, and so on
    /// @param without how many of the first rows are asked without the prompt
    Tensor predict(Tensor x, double timestep, Conditioning told, int without);
  }

  Question {
    batches = List.copyOf(batches);
    weights = List.copyOf(weights);
  }

  /// The network's guided output for the pictures `x` `[N, C, H, W]`, all of which are told the
  /// same.
  ///
  /// Parts are composed as in [Liu et al. (2022)](https://arxiv.org/abs/2206.01714), equation 11:
  /// each pulls away from the estimate without the prompt by its weight.
  Tensor ask(Network network, Tensor x, double timestep, Guidance guidance) {
    return Scope.tidy(() -> {
      Tensor[] answers = answers(network, x, timestep);
      if (!guided) {
        return answers[0];
      }
      Tensor without = answers[0];
      if (weights.size() == 1 && weights.getFirst() == 1) {
        return guidance.mix(without, answers[1]);
      }
      Tensor with = without;
      for (int i = 0; i < weights.size(); i++) {
        with = with.plus(answers[i + 1].minus(without).times(weights.get(i)));
      }
      return guidance.mix(without, with);
    });
  }

  /// As [#ask] with a guidance of 1: without what is only needed to pull away from it. Parts that
  /// are composed pull away from the estimate without the prompt whatever the guidance is.
  Tensor askUnguided(Network network, Tensor x, double timestep) {
    boolean single = weights.size() == 1 && weights.getFirst() == 1;
    return Scope.tidy(
        () -> (guided && single ? prompted() : this).ask(network, x, timestep, Guidance.of(1)));
  }

  /// The same without the row without the prompt.
  private Question prompted() {
    List<Batch> kept = new ArrayList<>();
    for (Batch batch : batches) {
      int from = batch.rows().getFirst() == 0 ? 1 : 0;
      int count = batch.rows().size();
      if (from < count) {
        List<Integer> rows = batch.rows().stream().skip(from).map(row -> row - 1).toList();
        kept.add(new Batch(batch.told().rows(from, count), rows));
      }
    }
    return new Question(kept, weights, false);
  }

  private Tensor[] answers(Network network, Tensor x, double timestep) {
    Tensor[] answers = new Tensor[weights.size() + (guided ? 1 : 0)];
    int pictures = (int) x.size(0);
    for (Batch batch : batches) {
      int count = batch.rows().size();
      int without = guided && batch.rows().getFirst() == 0 ? pictures : 0;
      Tensor[] copies = new Tensor[count];
      Arrays.fill(copies, x);
      Conditioning told = batch.told().each(pictures);
      Tensor[] rows =
          network.predict(Tensor.concat(0, copies), timestep, told, without).chunk(count, 0);
      for (int i = 0; i < count; i++) {
        answers[batch.rows().get(i)] = rows[i];
      }
    }
    return answers;
  }
}
