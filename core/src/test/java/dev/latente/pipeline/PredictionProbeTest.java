package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.sampling.NoisePredictor;
import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionProbeTest {
  private static final NoiseSchedule NOISE = NoiseSchedule.stableDiffusion();

  /// The best networks for data of independent normal numbers: what they expect, given `x`, is
  /// known.
  private static Prediction found(double mean, double variance, Prediction kind) {
    NoisePredictor network =
        (x, timestep) -> {
          double signal = Math.sqrt(NOISE.alphaCumprod((int) timestep));
          double noise = Math.sqrt(1 - NOISE.alphaCumprod((int) timestep));
          double gain = signal * variance / (signal * signal * variance + noise * noise);
          Tensor clean = x.plus(-signal * mean).times(gain).plus(mean);
          Tensor eps = x.minus(clean.times(signal)).times(1 / noise);
          return switch (kind) {
            case EPSILON -> eps;
            case V_PREDICTION -> eps.times(signal).minus(clean.times(noise));
            case SAMPLE -> clean;
          };
        };
    return PredictionProbe.of(network, 4, NOISE.steps() - 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 3})
  void theBestNetworksAreToldApart(double deviation) {
    double variance = deviation * deviation;
    for (double mean : new double[] {0, 0.5, -2}) {
      assertThat(found(mean, variance, Prediction.EPSILON)).isEqualTo(Prediction.EPSILON);
      assertThat(found(mean, variance, Prediction.V_PREDICTION)).isEqualTo(Prediction.V_PREDICTION);
    }
  }

  @Test
  void aTrainedModelIsKnown() throws IOException {
    Path mini = Path.of("../mini/src/main/resources/mini");
    LoadedModel model =
        ModelLoader.load(mini, LoadOptions.of(Device.CPU, Precision.F32)); // estimates v
    try {
      assertThat(PredictionProbe.of(model.unet(), Device.CPU, Precision.F32))
          .isEqualTo(model.scheduler().prediction());
    } finally {
      model.release();
    }
  }

  @Test
  void theSlopeIsThatOfALine() {
    float[] line = {5, 2, 8};
    assertThat(PredictionProbe.slope(new float[] {1, 0, 2}, line)).isEqualTo(3);
  }
}
