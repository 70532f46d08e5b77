package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter err = new StringWriter();
  private final Session quiet = Session.of(new PrintWriter(err), new PrintWriter(err));
  private final Words words = Words.of(Locale.ENGLISH);

  @Test
  void nothingIsShownWhereNobodyWatches() {
    try (ProgressLine line = new ProgressLine(quiet, words)) {
      line.say("loading");
      line.show("step", 1, 2, "steps");
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theLineIsWipedAtTheEnd() {
    try (ProgressLine line = new ProgressLine(quiet.withTerminal(), words)) {
      line.say("loading");
    }
    assertThat(err.toString()).isEqualTo("\rloading\u001b[K\r\u001b[K");
  }

  @Test
  void timeIsShownAsAClockRoundedUp() {
    assertThat(ProgressLine.clock(Duration.ZERO)).isEqualTo("0:00");
    assertThat(ProgressLine.clock(Duration.ofMillis(1))).isEqualTo("0:01");
    assertThat(ProgressLine.clock(Duration.ofSeconds(61))).isEqualTo("1:01");
    assertThat(ProgressLine.clock(Duration.ofSeconds(3600 + 60 + 1))).isEqualTo("1:01:01");
  }
}
