package dev.latente.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.prompt.PromptSchedule.Stage;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples are those that A1111's documentation of the grammar states, for 10 steps.
class PromptScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "test                ; 10 'test'",
        "a [b:3]             ; 3 'a '   10 'a b'",
        "a [b: 3]            ; 3 'a '   10 'a b'",
        "a [[[b]]:2]         ; 2 'a '   10 'a [[b]]'",
        "[(a:2):3]           ; 3 ''   10 '(a:2)'",
        "a [b : c : 1] d     ; 1 'a b  d'   10 'a  c  d'",
        "a[b:[c:d:2]:1]e     ; 1 'abe'   2 'ace'   10 'ade'",
        "a [unbalanced       ; 10 'a [unbalanced'",
        "a [b:.5] c          ; 5 'a  c'   10 'a b c'",
        "((a][:b:c [d:3]     ; 3 '((a][:b:c '   10 '((a][:b:c d'",
        "a [b::3] c          ; 3 'a b c'   10 'a  c'",
        "a [b:c:0.25]        ; 2 'a b'   10 'a c'",
        "a [b:c:1.0]         ; 10 'a b'",
        "a [b:c:0]           ; 10 'a c'",
        "a [b:c:-3]          ; 10 'a c'",
        "a [b:c:99]          ; 10 'a b'",
        "a [b:c:5e0]         ; 5 'a b'   10 'a c'",
        "a [b:c]             ; 10 'a [b:c]'",
        "a [b:c:d:3]         ; 10 'a [b:c:d:3]'",
        "(a [b:3] c          ; 3 '(a  c'   10 '(a b c'",
        "[a (b:c:d):3]       ; 10 '[a (b:c:d):3]'",
        "[a \\[ b:c\\::3]    ; 3 'a \\[ b'   10 'c\\:'",
        "([c:2] x            ; 2 '( x'   10 '(c x'",
        "(a:[c:2])           ; 2 '(a:)'   10 '(a:c)'",
        "x [c:2]: y)         ; 2 'x : y)'   10 'x c: y)'",
        "[c:2][d:3]          ; 2 ''   3 'c'   10 'cd'",
        "[[a:b:1]            ; 1 '[a'   10 '[b'",
      })
  void schedulesAreThoseOfTheGrammar(String text, String stages) {
    assertThat(shown(PromptSchedule.of(text.strip(), Pass.first(10)))).isEqualTo(stages);
  }

  @Test
  void alternationsTakeTurns() {
    PromptSchedule two = PromptSchedule.of("[fe|]male", Pass.first(10));
    assertThat(two.stages())
        .isEqualTo(
            IntStream.rangeClosed(1, 10)
                .mapToObj(step -> new Stage(step, step % 2 == 1 ? "female" : "male"))
                .toList());
    PromptSchedule four = PromptSchedule.of("[fe|||]male", Pass.first(10));
    assertThat(four.stages().stream().map(Stage::text))
        .containsExactly(
            "female", "male", "male", "male", "female", "male", "male", "male", "female", "male");
    PromptSchedule weighted = PromptSchedule.of("[a|(b:1.1)]", Pass.first(3));
    assertThat(weighted.stages().stream().map(Stage::text)).containsExactly("a", "(b:1.1)", "a");
  }

  @Test
  void alternationsHoldSchedules() {
    PromptSchedule schedule = PromptSchedule.of("[a|[b:c:2]]", Pass.first(4));
    assertThat(schedule.stages().stream().map(Stage::text)).containsExactly("a", "b", "a", "c");
  }

  @Test
  void theSecondPassCountsOn() {
    assertThat(shown(PromptSchedule.of("a [b:.5] c", Pass.hires(10, 10)))).isEqualTo("10 'a b c'");
    assertThat(shown(PromptSchedule.of("a [b:1.5] c", Pass.hires(10, 10))))
        .isEqualTo("5 'a  c'   10 'a b c'");
    assertThat(shown(PromptSchedule.of("a [b:13] c", Pass.hires(10, 10))))
        .isEqualTo("3 'a  c'   10 'a b c'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a | b [c:3]", "(a|b) [c:3]", "[a|b:3]", "[c:3] [a|(b]", "[c:3] \\"})
  void aSignWithoutAPlaceMakesAllOfItText(String text) {
    assertThat(PromptSchedule.of(text, Pass.first(10)).stages())
        .containsExactly(new Stage(10, text));
  }

  @Test
  void theFirstStageLastsThroughTheStepItNames() { // as A1111: counted from 0 against from 1
    PromptSchedule schedule = PromptSchedule.of("[a:b:3]", Pass.first(10));
    assertThat(IntStream.range(0, 6).mapToObj(step -> schedule.at(step).text()))
        .containsExactly("a", "a", "a", "a", "b", "b");
    assertThat(schedule.at(99).text()).isEqualTo("b");
  }

  @Test
  @Timeout(20)
  void deepNestingNeedsNoStack() {
    int depth = 10_000;
    String schedules = "[".repeat(depth) + "x" + ":2]".repeat(depth);
    assertThat(shown(PromptSchedule.of(schedules, Pass.first(10)))).isEqualTo("2 ''   10 'x'");
    String turns = "[".repeat(depth) + "x" + "|]".repeat(depth);
    assertThat(PromptSchedule.of(turns, Pass.first(2)).stages().stream().map(Stage::text))
        .containsExactly("x", "");
    String open = "[".repeat(depth);
    assertThat(PromptSchedule.of(open, Pass.first(2)).at(0).text()).isEqualTo(open);
    String weights = "(".repeat(depth) + "x" + ")".repeat(depth);
    assertThat(PromptSchedule.of(weights, Pass.first(2)).at(0).text()).isEqualTo(weights);
  }

  @Test
  void garbageIsText() {
    Random random = new Random(1);
    String signs = "[]()|:\\ a1.5,<>\nANDBREAK-";
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(40), 0, signs.length())
              .mapToObj(at -> signs.substring(at, at + 1))
              .collect(Collectors.joining());
      Prompt prompt = PromptSyntax.A1111.parse(text);
      for (SubPrompt part : prompt.parts()) {
        List<Stage> stages = part.schedule(Pass.first(3)).stages();
        assertThat(stages.getLast().until()).isEqualTo(3);
        stages.forEach(stage -> assertThat(part.fragments(stage, Emphasis.ORIGINAL)).isNotEmpty());
      }
    }
  }

  @Test
  void passesCheckTheirNumbers() {
    assertThatThrownBy(() -> Pass.first(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be positive: 0");
  }

  private static String shown(PromptSchedule schedule) {
    return schedule.stages().stream()
        .map(stage -> "%d '%s'".formatted(stage.until(), stage.text()))
        .collect(Collectors.joining("   "));
  }
}
