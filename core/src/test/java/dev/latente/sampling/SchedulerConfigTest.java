package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerConfigTest {
  /// What the folder of Stable Diffusion 1.5 says.
  private static final SchedulerConfig SD15 =
      SchedulerConfig.of(
          "PNDMScheduler",
          Map.of(
              "beta_start",
              0.00085,
              "beta_end",
              0.012,
              "beta_schedule",
              "scaled_linear",
              "num_train_timesteps",
              1000,
              "set_alpha_to_one",
              false,
              "skip_prk_steps",
              true,
              "steps_offset",
              1,
              "clip_sample",
              false));

  @Test
  void pndmAsksOnceMoreThanThereAreSteps() {
    Sigmas sigmas = SD15.sigmas(20);
    assertThat(sigmas.steps()).isEqualTo(21);
    assertThat(sigmas.at(0).timestep()).isEqualTo(951);
    assertThat(sigmas.at(1)).isEqualTo(sigmas.at(2));
    assertThat(sigmas.at(20).timestep()).isEqualTo(1);
  }

  @Test
  void whatTheFileLeavesOutFollowsTheSampler() {
    assertThat(SD15.schedule()).isEqualTo(Schedule.LEADING);
    assertThat(SD15.withSampler(SamplerKind.EULER).schedule()).isEqualTo(Schedule.LINSPACE);
    assertThat(SD15.with("timestep_spacing", "leading").withSampler(SamplerKind.EULER).schedule())
        .isEqualTo(Schedule.LEADING);
  }

  @Test
  void whatDoesNotClipDoesNotBeginTo() {
    SchedulerConfig solver = SchedulerConfig.of("DPMSolverMultistepScheduler", Map.of());
    SchedulerConfig ddim = SchedulerConfig.of("DDIMScheduler", Map.of());
    assertThat(ddim.limit()).isEqualTo(new Limit.Range(1));
    assertThat(solver.withSampler(SamplerKind.DDIM).limit()).isEqualTo(new Limit.None());
    assertThat(solver.with("clip_sample", true).withSampler(SamplerKind.DDIM).limit())
        .isEqualTo(new Limit.Range(1));
    assertThat(ddim.withSampler(SamplerKind.DDPM).limit()).isEqualTo(new Limit.Range(1));
  }

  @Test
  void aChosenScheduleWins() {
    SchedulerConfig karras = SD15.withSampler(SamplerKind.EULER).withSchedule(Schedule.KARRAS);
    assertThat(karras.schedule()).isEqualTo(Schedule.KARRAS);
    double[] sigmas = karras.sigmas(20).toArray();
    double root = Math.pow(sigmas[1], 1 / 7.0);
    assertThat(2 * root)
        .isCloseTo(Math.pow(sigmas[0], 1 / 7.0) + Math.pow(sigmas[2], 1 / 7.0), within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everySamplerTakesEverySchedule(SamplerKind sampler) {
    for (Schedule schedule : Schedule.values()) {
      for (int steps : new int[] {1, 2, 21}) {
        Sigmas sigmas = SD15.withSampler(sampler).withSchedule(schedule).sigmas(steps);
        assertThat(sigmas.steps()).isBetween(steps, steps + 2);
        assertThat(NormalData.run(sampler.sampler(SD15), sigmas)).isFinite();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everySamplerIsKnownByItsNames(SamplerKind sampler) {
    assertThat(SamplerKind.named(sampler.id())).isEqualTo(sampler);
    assertThat(SamplerKind.named(sampler.label())).isEqualTo(sampler);
  }

  @ParameterizedTest
  @CsvSource({
    "DPM++ 2M, DPMPP_2M",
    "dpmpp_2m, DPMPP_2M",
    "Euler a, EULER_A",
    "euler_ancestral, EULER_A",
    "PLMS, PNDM",
    "DPM++ 2M SDE, DPMPP_2M_SDE",
    "dpm++2m-sde, DPMPP_2M_SDE",
    "dpmpp_3m_sde, DPMPP_3M_SDE",
    "DPM++ 2M SDE Heun, DPMPP_2M_SDE_HEUN",
    "k_dpmpp_2m_sde_heun, DPMPP_2M_SDE_HEUN",
    "dpmpp_2m_sde_gpu, DPMPP_2M_SDE",
    "dpmpp_sde_gpu, DPMPP_SDE",
    "dpm_2_ancestral, DPM2_A",
    "k_dpm_2_a, DPM2_A",
    "k_euler_a, EULER_A",
    "uni_pc_bh2, UNIPC",
    "EulerAncestralDiscreteScheduler, EULER_A",
    "DPMSolverMultistep, DPMPP_2M",
    "DDIM, DDIM",
    "DDIMScheduler, DDIM",
    "ddpm, DDPM",
    "DDPMScheduler, DDPM",
    "PNDMScheduler, PNDM",
    "Euler, EULER",
    "EulerDiscreteScheduler, EULER",
    "k_euler, EULER",
    "Heun, HEUN",
    "HeunDiscreteScheduler, HEUN",
    "DPM2, DPM2",
    "KDPM2DiscreteScheduler, DPM2",
    "dpm_2, DPM2",
    "DPM2 a, DPM2_A",
    "KDPM2AncestralDiscreteScheduler, DPM2_A",
    "DPM++ 2S, DPMPP_2S",
    "DPMSolverSinglestepScheduler, DPMPP_2S",
    "DPM++ 2S a, DPMPP_2S_A",
    "dpmpp_2s_ancestral, DPMPP_2S_A",
    "DPM++ SDE, DPMPP_SDE",
    "dpmpp_sde, DPMPP_SDE",
    "DPMSolverSDEScheduler, DPMPP_SDE",
    "DPMSolverMultistepScheduler, DPMPP_2M",
    "DPM++ 3M SDE, DPMPP_3M_SDE",
    "LMS, LMS",
    "LMSDiscreteScheduler, LMS",
    "deis, DEIS",
    "DEISMultistepScheduler, DEIS",
    "UniPC, UNIPC",
    "UniPCMultistepScheduler, UNIPC",
    "lcm, LCM",
    "LCMScheduler, LCM",
    "TCD, TCD",
    "TCDScheduler, TCD",
    "Restart, RESTART"
  })
  void namesAreAcceptedAsPeopleWriteThem(String name, SamplerKind expected) {
    assertThat(SamplerKind.named(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Karras, KARRAS",
    "Exponential, EXPONENTIAL",
    "Polyexponential, POLYEXPONENTIAL",
    "SGM Uniform, SGM_UNIFORM",
    "sgm_uniform, SGM_UNIFORM",
    "simple, SIMPLE",
    "Normal, NORMAL",
    "Uniform, NORMAL",
    "DDIM, DDIM",
    "ddim_uniform, DDIM",
    "Beta, BETA",
    "Align Your Steps, ALIGN_YOUR_STEPS",
    "align_your_steps, ALIGN_YOUR_STEPS",
    "AYS, ALIGN_YOUR_STEPS",
    "Align Your Steps GITS, GITS",
    "KL Optimal, KL_OPTIMAL",
    "kl_optimal, KL_OPTIMAL",
    "Turbo, TURBO",
    "trailing, TRAILING",
    "leading, LEADING",
    "linspace, LINSPACE"
  })
  void schedulesAreKnownByTheNamesPeopleWrite(String name, Schedule expected) {
    assertThat(Schedule.named(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "DPM++ 2M Karras, DPMPP_2M, KARRAS",
    "DPM++ 2M SDE Exponential, DPMPP_2M_SDE, EXPONENTIAL",
    "Euler a SGM Uniform, EULER_A, SGM_UNIFORM",
    "DPM++ 2M SDE Heun Karras, DPMPP_2M_SDE_HEUN, KARRAS",
    "dpm++2m-karras, DPMPP_2M, KARRAS",
    "dpmpp_2m_sgm_uniform, DPMPP_2M, SGM_UNIFORM",
    "euler karras, EULER, KARRAS"
  })
  void aSamplersNameMayBringItsSchedule(String name, SamplerKind sampler, Schedule schedule) {
    SamplerChoice choice = SamplerChoice.named(name);
    assertThat(choice).isEqualTo(new SamplerChoice(sampler, Optional.of(schedule)));
    assertThat(SD15.with(choice).schedule()).isEqualTo(schedule);
  }

  @Test
  void automaticIsWhatTheWebUiTakesForTheSampler() {
    assertThat(SamplerChoice.named("DPM++ 2M", "Automatic").schedule()).hasValue(Schedule.KARRAS);
    assertThat(SamplerChoice.named("Euler a", "automatic").schedule()).hasValue(Schedule.NORMAL);
    assertThat(SamplerChoice.named("Euler", "Beta").schedule()).hasValue(Schedule.BETA);
    assertThat(SamplerChoice.named("euler").schedule()).isEmpty();
    assertThatThrownBy(() -> SamplerChoice.named("Euler Carras"))
        .hasMessageStartingWith("unknown sampler 'Euler Carras'; known: ddim");
  }

  @ParameterizedTest
  @CsvSource({
    "interpolation_type, log_linear, linear",
    "timestep_type, continuous, discrete",
    "predict_x0, false, true"
  })
  void whatIsNotSupportedIsNotPassedOver(String name, String value, String supported) {
    assertThatThrownBy(() -> SD15.with(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("%s must be %s: %s".formatted(name, supported, value));
  }

  @ParameterizedTest
  @CsvSource({
    "dpmsolver++, 2, midpoint, DPMPP_2M",
    "sde-dpmsolver++, 2, midpoint, DPMPP_2M_SDE",
    "sde-dpmsolver++, 2, heun, DPMPP_2M_SDE_HEUN",
    "dpmsolver++, 3, midpoint, DPMPP_3M",
    "sde-dpmsolver++, 3, midpoint, DPMPP_3M_SDE"
  })
  void oneClassOfDiffusersHasManyNamesHere(
      String algorithm, int order, String rule, SamplerKind expected) {
    Map<String, Object> values =
        Map.of("algorithm_type", algorithm, "solver_order", order, "solver_type", rule);
    SchedulerConfig config = SchedulerConfig.of("DPMSolverMultistepScheduler", values);
    assertThat(config.sampler()).isEqualTo(expected);
    Map<String, Object> chosen = SD15.withSampler(expected).values();
    assertThat(chosen)
        .containsEntry("algorithm_type", algorithm)
        .containsEntry("solver_order", order);
    assertThat(chosen.getOrDefault("solver_type", "midpoint")).isEqualTo(rule);
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> SamplerKind.named("eular"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown sampler 'eular'; known: ddim ddpm pndm euler euler-a");
    assertThatThrownBy(() -> Schedule.named("carras"))
        .hasMessageStartingWith(
            "unknown schedule 'carras'; known: leading trailing linspace karras");
    assertThatThrownBy(() -> SchedulerConfig.of("FooScheduler", Map.of()))
        .hasMessageStartingWith("unknown scheduler 'FooScheduler'; known: DDIMScheduler");
  }

  @ParameterizedTest
  @CsvSource({"0", "-3", "1001"})
  void stepsAreFromOneToTheTrainingLevels(int steps) {
    assertThatThrownBy(() -> SD15.sigmas(steps))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be from 1 to 1000: " + steps);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "beta_start | x | beta_start must be a number: x",
        "num_train_timesteps | 0 | num_train_timesteps must be a whole number: 0",
        "beta_schedule | cubic | beta_schedule must be one of linear, scaled_linear,",
        "prediction_type | noise | prediction_type must be one of epsilon, sample, v_prediction",
        "timestep_spacing | karras | timestep_spacing must be one of leading, trailing, linspace"
      })
  void aWrongValueIsNamed(String name, String value, String message) {
    assertThatThrownBy(() -> SD15.with(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aPartOfARunMustBeWithinIt() {
    assertThatThrownBy(() -> SD15.sigmas(10).from(11))
        .hasMessageStartingWith("a part of a run of 11 steps needs");
  }
}
