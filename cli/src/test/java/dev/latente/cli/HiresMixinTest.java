package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.pipeline.HiresOptions;
import dev.latente.pipeline.HiresUpscaler;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HiresMixinTest {
  private static Optional<HiresOptions> asked(String... arguments) {
    return CommandLine.populateCommand(new HiresMixin(), arguments)
        .options(HiresMixinTest::advised);
  }

  private static HiresOptions advised(double scale) {
    return HiresOptions.of(scale).withStrength(0.1).withUpscaler(HiresUpscaler.PIXEL);
  }

  @Test
  void whatTheModelAdvisesIsTakenWhereNothingElseIsAskedFor() {
    assertThat(asked()).isEmpty();
    assertThat(asked("--hires", "2")).contains(advised(2));
    assertThat(asked("--hires", "2", "--hires-steps", "5")).contains(advised(2).withSteps(5));
  }

  @Test
  void whatIsAskedForCountsMore() {
    assertThat(asked("--hires", "2", "--hires-strength", "0.4", "--hires-upscaler", "latent"))
        .contains(HiresOptions.of(2).withStrength(0.4));
  }
}
