package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.model.SafetensorsFile;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each sampler against the numbers of diffusers' class for it, made by tools/reference.
class DiffusersParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");
  private static SafetensorsFile numbers;

  @BeforeAll
  static void open() throws IOException {
    numbers = SafetensorsFile.open(REFERENCE.resolve("schedulers.safetensors"));
  }

  @AfterAll
  static void close() throws IOException {
    numbers.close();
  }

  @TestFactory
  Stream<DynamicTest> eachSamplerGivesDiffusersNumbers() {
    JsonNode json = JsonMapper.shared().readTree(REFERENCE.resolve("schedulers.json").toFile());
    return json.path("cases")
        .valueStream()
        .map(test ->
            DynamicTest.dynamicTest(
                test.path("name").stringValue(), () -> check(json.path("config"), test)));
  }

  private static void check(JsonNode common, JsonNode test) {
    String name = test.path("name").stringValue();
    SchedulerConfig config = config(common, test);
    Sigmas sigmas = config.sigmas(test.path("steps").intValue());
    try (Scope _ = Scope.open()) {
      float[] timesteps = numbers(name + ".timesteps");
      for (int i = 0; i < timesteps.length; i++) {
        // in single precision timesteps have a spacing of 6e-5
        assertThat(sigmas.at(i).timestep()).isCloseTo(timesteps[i], within(2e-3));
      }
      RandomNoise stream = RandomNoise.seeded(0);
      Tensor noise = stream.normal(1, 4, 6, 6);
      Tensor found =
          config
              .newSampler()
              .generate(
                  config.prediction().denoiser(DiffusersParityTest::network),
                  noise,
                  sigmas,
                  StepNoise.of(stream),
                  StepListener.none());
      assertClose(found.toFloatArray(), numbers(name + ".final"));
    }
  }

  private static SchedulerConfig config(JsonNode common, JsonNode test) {
    Map<String, Object> values = new HashMap<>();
    common.forEachEntry((key, value) -> values.put(key, value(value)));
    values.put("timestep_spacing", test.path("timestep_spacing").stringValue());
    values.put("prediction_type", test.path("prediction_type").stringValue());
    values.put("use_karras_sigmas", test.path("karras").booleanValue());
    SchedulerConfig config = SchedulerConfig.of(test.path("scheduler").stringValue(), values);
    assertThat(config.sampler()).isEqualTo(SamplerKind.named(test.path("sampler").stringValue()));
    return config;
  }

  private static Object value(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNumber() ? (Object) node.numberValue() : node.stringValue();
  }

  private static Tensor network(Tensor x, double timestep) {
    return x.tanh().times(0.5 * Math.cos(timestep / 500)).plus(x.times(0.25));
  }

  /// Both sides compute in single precision: errors of 1e-7 grow over a run, but not past 1e-4 of
  /// the numbers' size.
  private static void assertClose(float[] found, float[] expected) {
    double size = 0;
    for (float value : expected) {
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4 * size));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double tolerance) {
    return org.assertj.core.api.Assertions.within(tolerance);
  }

  private static float[] numbers(String name) {
    return numbers.read(name, Precision.F32).toFloatArray();
  }
}
