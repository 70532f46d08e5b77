package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.sampling.Prediction;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import dev.latente.sampling.SchedulerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of published files.
class FewStepsTest {
  private static final SchedulerConfig USUAL = SchedulerConfig.stableDiffusion(Prediction.EPSILON);

  @ParameterizedTest
  @CsvSource({
    "sd_xl_turbo_1.0_fp16, TURBO, 4, EULER_A",
    "DreamShaperXL_Turbo_v2, TURBO, 4, EULER_A",
    "sdxl_lightning_8step, LIGHTNING, 8, EULER",
    "juggernautXL_v9Rdphoto2Lightning, LIGHTNING, 4, EULER",
    "LCM_Dreamshaper_v7_4k, LCM, 4, LCM",
    "Hyper-SDXL-1step-Unet, HYPER, 1, DDIM",
    "Hyper-SD15-8steps-CFG, HYPER, 8, DDIM"
  })
  void namesTellHowAFileWasDistilled(String name, FewSteps way, int steps, SamplerKind sampler) {
    assertThat(FewSteps.named(name)).contains(way);
    assertThat(FewSteps.steps(name)).isEqualTo(steps);
    assertThat(FewSteps.scheduler(name, USUAL).sampler()).isEqualTo(sampler);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1-5-pruned-emaonly", "hyperrealism_v3", "falcmix", "deliberate_v2"})
  void otherNamesSayNothing(String name) {
    assertThat(FewSteps.named(name)).isEmpty();
    assertThat(FewSteps.scheduler(name, USUAL)).isEqualTo(USUAL);
  }

  /// As in the scheduler configs of stabilityai/sdxl-turbo and ByteDance/SDXL-Lightning.
  @Test
  void theyBeginAtTheNoisiestTimestep() {
    for (String name : new String[] {"sdxl-turbo", "sdxl_lightning_4step", "Hyper-SDXL-4steps"}) {
      SchedulerConfig config = FewSteps.scheduler(name, USUAL);
      assertThat(config.schedule()).isEqualTo(Schedule.TRAILING);
      assertThat(config.sigmas(4).at(0).timestep()).isEqualTo(999);
      assertThat(config.sigmas(4).at(3).timestep()).isEqualTo(249);
    }
    assertThat(FewSteps.scheduler("lcm", USUAL).sigmas(4).at(0).timestep()).isEqualTo(999);
  }
}
