package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Attention and its gradients in bf16, against f32 by libtorch's own attention.
class TrainedAttentionTest {
  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  private record Trained(Tensor found, Tensor gradients) {}

  /// What the loss `mean(attention²)` says of queries, keys and values made from weights.
  private static Trained train(Precision precision) {
    RandomNoise random = RandomNoise.seeded(3);
    Tensor x = random.normal(2, 40, 24); // [N, L, features]
    Tensor toQ = random.normal(32, 24).times(0.3);
    Tensor toK = random.normal(32, 24).times(0.3);
    Tensor toV = random.normal(32, 24);
    Parameters parameters = new Parameters(Map.of("q", toQ, "k", toK, "v", toV));
    Tensor found;
    try (Autocast _ = Autocast.open(Device.CPU, precision)) {
      found = heads(x, toQ).attention(heads(x, toK), heads(x, toV), false);
    }
    assertThat(found.elementType()).isEqualTo(precision.elementType());
    parameters.backward(found.to(Precision.F32).square().mean());
    return new Trained(found.to(Precision.F32), parameters.gradients());
  }

  private static Tensor heads(Tensor x, Tensor weight) {
    return x.linear(weight).reshape(2, 40, 4, 8).transpose(1, 2);
  }

  private static double relative(Tensor a, Tensor b) {
    double error = a.minus(b).square().mean().item();
    return Math.sqrt(error / b.square().mean().item());
  }

  /// bf16 keeps 8 bits of a number: 0.4 % each, a little more over a few products.
  @Test
  void brainFloatsGiveTheSameWithinTheirPrecision() {
    Trained exact = train(Precision.F32);
    Trained brain = train(Precision.BF16);
    assertThat(relative(brain.found(), exact.found())).isCloseTo(0, within(0.01));
    assertThat(relative(brain.gradients(), exact.gradients())).isCloseTo(0, within(0.02));
    assertThat(relative(brain.gradients(), exact.gradients())).isPositive();
  }
}
