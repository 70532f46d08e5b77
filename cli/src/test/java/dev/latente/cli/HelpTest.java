package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {
  private static final Locale SPANISH = Locale.forLanguageTag("es");

  private static CommandLine commandLine(Locale locale) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Latente.commandLine(Session.of(nowhere, nowhere).withLocale(locale));
  }

  @Test
  void bothLanguagesSayTheSameThings() {
    assertThat(Words.of(SPANISH).bundle().keySet())
        .isEqualTo(Words.of(Locale.ENGLISH).bundle().keySet());
    for (String key : Words.of(SPANISH).bundle().keySet()) {
      boolean example = key.contains("footer");
      assertThat(Words.of(SPANISH).bundle().getString(key).equals(words(key)) && !example)
          .as(key)
          .isFalse();
    }
  }

  private static String words(String key) {
    return Words.of(Locale.ENGLISH).bundle().getString(key);
  }

  @Test
  void aLanguageThatIsNotThereBecomesEnglish() {
    assertThat(Words.of(Locale.JAPAN).say("steps")).isEqualTo("steps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "es"})
  void everyCommandAndOptionIsExplained(String language) {
    assertAllExplained(commandLine(Locale.forLanguageTag(language)));
  }

  private static void assertAllExplained(CommandLine command) {
    assertExplained(command.getCommandSpec());
    command.getSubcommands().values().forEach(HelpTest::assertAllExplained);
  }

  private static void assertExplained(CommandSpec command) {
    assertThat(command.usageMessage().description().length + command.usageMessage().header().length)
        .as(command.qualifiedName())
        .isPositive();
    for (ArgSpec arg : command.args()) {
      assertThat(arg.description())
          .as(command.qualifiedName() + " " + arg.paramLabel())
          .isNotEmpty();
    }
  }

  @Test
  void helpIsInTheUsersLanguage() {
    CommandLineRun english = CommandLineRun.of("generate", "--help").assertDone();
    assertThat(english.out()).contains("Usage: latente generate").contains("Sampler steps");
    CommandLineRun spanish =
        CommandLineRun.of(session -> session.withLocale(SPANISH), "generate", "--help")
            .assertDone();
    assertThat(spanish.out()).contains("Uso: latente generate").contains("Pasos del muestreador");
  }

  @Test
  void theEnvironmentSaysWhichLanguage() {
    assertThat(Session.language(Map.of("LANG", "es_ES.UTF-8"))).isEqualTo(Locale.of("es", "ES"));
    assertThat(Session.language(Map.of("LANG", "es_ES.UTF-8", "LC_ALL", "fr_FR@euro")))
        .isEqualTo(Locale.FRANCE);
    for (String none : List.of("C", "POSIX", "C.UTF-8", "")) {
      assertThat(Session.language(Map.of("LANG", none))).isEqualTo(Locale.getDefault());
    }
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    CommandLineRun run = CommandLineRun.of("--version").assertDone();
    assertThat(run.out()).matches("latente \\d+\\.\\d+\\.\\d+(-\\w+)?\\R");
  }
}
