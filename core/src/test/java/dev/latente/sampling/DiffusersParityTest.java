package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.SafetensorsFile;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each sampler against the numbers of diffusers' class for it, made by tools/reference.
class DiffusersParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");
  private static final int SEED = 0;

  @TestFactory
  Stream<DynamicTest> samplersGiveDiffusersNumbers() {
    JsonNode json = read("schedulers.json");
    return json.path("cases")
        .valueStream()
        .map(test -> {
          Map<String, Object> values = values(json.path("config"));
          values.put("timestep_spacing", test.path("timestep_spacing").stringValue());
          values.put("prediction_type", test.path("prediction_type").stringValue());
          values.put("use_karras_sigmas", test.path("karras").booleanValue());
          SamplerKind kind = SamplerKind.named(test.path("sampler").stringValue());
          return named(
              test,
              () -> {
                SchedulerConfig config = config(test, values);
                assertThat(config.sampler()).isEqualTo(kind);
                check(test, config, "schedulers.safetensors", "timesteps");
              });
        });
  }

  @TestFactory
  Stream<DynamicTest> furtherSamplersAndSettingsGiveDiffusersNumbers() {
    return read("schedulers-more.json")
        .path("cases")
        .valueStream()
        .map(test ->
            named(
                test,
                () -> {
                  SchedulerConfig config = config(test, values(test.path("config")));
                  if (test.has("eta")) {
                    config = config.with("eta", test.path("eta").doubleValue());
                  }
                  check(test, config, "schedulers-more.safetensors", "calls");
                }));
  }

  private static DynamicTest named(JsonNode test, Executable check) {
    return DynamicTest.dynamicTest(test.path("name").stringValue(), check);
  }

  private static void check(JsonNode test, SchedulerConfig config, String file, String calls)
      throws IOException {
    String name = test.path("name").stringValue();
    Sigmas sigmas = config.sigmas(test.path("steps").intValue());
    List<Double> asked = new ArrayList<>();
    NoisePredictor network =
        (x, timestep) -> {
          asked.add(timestep);
          return x.tanh().times(0.5 * Math.cos(timestep / 500)).plus(x.times(0.25));
        };
    try (Scope _ = Scope.open();
        SafetensorsFile numbers = SafetensorsFile.open(REFERENCE.resolve(file))) {
      Tensor found = sample(config, sigmas, network, test.path("start").asInt(0));
      float[] timesteps = numbers.read(name + "." + calls, Precision.F32).toFloatArray();
      assertThat(asked).hasSameSizeAs(timesteps);
      for (int i = 0; i < timesteps.length; i++) {
        // found by inverting σ in single precision: up to 0.002 of a timestep where σ is flat
        assertThat(asked.get(i)).isCloseTo(timesteps[i], within(2e-3));
      }
      assertClose(
          found.toFloatArray(), numbers.read(name + ".final", Precision.F32).toFloatArray());
    }
  }

  private static Tensor sample(
      SchedulerConfig config, Sigmas sigmas, NoisePredictor network, int start) {
    RandomNoise stream = RandomNoise.seeded(SEED);
    Tensor noise = stream.normal(1, 4, 6, 6);
    Denoiser denoiser = config.prediction().denoiser(network);
    Sampler sampler = config.newSampler();
    StepNoise stepNoise = StepNoise.of(stream);
    if (start == 0) {
      return sampler.generate(denoiser, noise, sigmas, stepNoise, StepListener.none());
    }
    Sigmas end = sigmas.from(start);
    Tensor x = end.start(picture(), noise);
    return end.finish(sampler.sample(denoiser, x, end, stepNoise, StepListener.none()));
  }

  /// The picture that runs with a `start` begin with.
  private static Tensor picture() {
    float[] values = new float[144];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.1f * i);
    }
    return Tensor.of(values, 1, 4, 6, 6);
  }

  private static SchedulerConfig config(JsonNode test, Map<String, Object> values) {
    return SchedulerConfig.of(test.path("scheduler").stringValue(), values);
  }

  private static JsonNode read(String name) {
    return JsonMapper.shared().readTree(REFERENCE.resolve(name).toFile());
  }

  private static Map<String, Object> values(JsonNode config) {
    Map<String, Object> values = new HashMap<>();
    config.forEachEntry((key, value) -> values.put(key, value(value)));
    return values;
  }

  private static Object value(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isArray()) {
      return node.valueStream().map(DiffusersParityTest::value).toList();
    }
    return node.isNumber() ? (Object) node.numberValue() : node.stringValue();
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
}
