package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import org.junit.jupiter.api.Test;

class ModelDefaultsTest {
  private static ModelDefaults withStrength(double hires) {
    return new ModelDefaults(64, 64, 20, 5, SamplerKind.EULER, Schedule.LEADING, hires);
  }

  @Test
  void aSecondPassHasTheStrengthThatTheModelAdvises() {
    assertThat(withStrength(0.7).hires(1.5)).isEqualTo(HiresOptions.of(1.5));
    assertThat(withStrength(0.5).hires(2)).isEqualTo(HiresOptions.of(2).withStrength(0.5));
  }

  @Test
  void whatIsTooWeakForEnlargedLatentsEnlargesPixels() {
    assertThat(withStrength(0.2).hires(2))
        .isEqualTo(HiresOptions.of(2).withStrength(0.2).withUpscaler(HiresUpscaler.PIXEL));
  }

  @Test
  void aStrengthOutOfRangeIsRefused() {
    assertThatThrownBy(() -> withStrength(1.5).hires(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hires strength must be above 0 and at most 1: 1.5");
  }
}
