package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import org.junit.jupiter.api.Test;

class ImageRequestTest {
  private final ImageRequest.Builder builder = ImageRequest.builder("a boat");

  private void assertRefused(String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void sidesArePositiveMultiplesOfEight() {
    builder.size(513, 512);
    assertRefused("width must be a positive multiple of 8: 513");
    builder.size(512, 0);
    assertRefused("height must be a positive multiple of 8: 0");
    builder.size(-8, 512);
    assertRefused("width must be a positive multiple of 8: -8");
    builder.size(512, 1 << 20);
    assertRefused("height must be at most 8192: 1048576");
  }

  @Test
  void stepsAndCountAreWithinReason() {
    builder.steps(0);
    assertRefused("steps must be from 1 to 1000: 0");
    builder.steps(1001);
    assertRefused("steps must be from 1 to 1000: 1001");
    builder.steps(1).count(0);
    assertRefused("count must be from 1 to 10000: 0");
    builder.count(1_000_000);
    assertRefused("count must be from 1 to 10000: 1000000");
  }

  @Test
  void guidanceIsWithinReason() {
    builder.guidance(-1);
    assertRefused("guidance must be from 0 to 100: -1.0");
    builder.guidance(Double.NaN);
    assertRefused("guidance must be from 0 to 100: NaN");
    builder.guidance(1e9);
    assertRefused("guidance must be from 0 to 100: 1.0E9");
  }

  @Test
  void seedsOfAllPicturesAreWholeNumbers() {
    builder.seed(-1);
    assertRefused("seed must be from 0 to 9223372036854775806: -1");
    builder.seed(Long.MAX_VALUE - 2).count(3);
    assertRefused("seed must be from 0 to 9223372036854775804: 9223372036854775805");
  }

  @Test
  void aRequestCanBeChanged() {
    ImageRequest request =
        builder
            .negativePrompt("blurry")
            .size(64, 72)
            .steps(3)
            .sampler(SamplerKind.EULER)
            .schedule(Schedule.TRAILING)
            .guidance(2)
            .seed(5)
            .count(2)
            .build();
    assertThat(request.toBuilder().build()).isEqualTo(request);
    assertThat(request.toBuilder().seed(6).build()).isNotEqualTo(request);
  }
}
