package dev.latente.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PromptTest {
  @Test
  void andJoinsPartsWithWeights() {
    assertThat(PromptSyntax.A1111.parse("a cat AND a dog :1.2 AND a (bird:1.3) : -.5").parts())
        .containsExactly(part("a cat", 1), part(" a dog", 1.2), part(" a (bird:1.3)", -0.5));
  }

  @Test
  void andIsAWholeWord() {
    assertThat(PromptSyntax.A1111.parse("SAND ANDROID and _AND").parts())
        .containsExactly(part("SAND ANDROID and _AND", 1));
  }

  @Test
  void theWeightOfAWholePromptIsTakenOff() {
    assertThat(PromptSyntax.A1111.parse("a 1:2 : 3").parts()).containsExactly(part("a 1:2", 3));
    assertThat(PromptSyntax.A1111.parse("a (b:2)").parts()).containsExactly(part("a (b:2)", 1));
  }

  @Test
  void lorasAreTakenOut() {
    Prompt prompt =
        PromptSyntax.A1111.parse(
            "a <lora:one>cat<lora:two:0.8>, <lora:three:.5:-1><lora:four:te=0:unet=2>");
    assertThat(prompt.parts()).containsExactly(part("a cat,", 1));
    assertThat(prompt.loras())
        .containsExactly(
            new LoraTag("one", 1, 1),
            new LoraTag("two", 0.8, 0.8),
            new LoraTag("three", -1, 0.5),
            new LoraTag("four", 2, 0));
    assertThat(prompt.unknownTags()).isEmpty();
  }

  @Test
  void tagsThatMeanNothingAreNamed() {
    Prompt prompt = PromptSyntax.A1111.parse("<hypernet:x:1>a<lora:y:strong> b < c:d <:e> <f:>");
    assertThat(prompt.unknownTags()).containsExactly("<hypernet:x:1>", "<lora:y:strong>");
    assertThat(prompt.parts()).containsExactly(part("a b < c:d <:e> <f:>", 1));
  }

  @Test
  void plainPromptsHaveNoSigns() {
    String text = "a (b:1.3) AND [c:d:3] <lora:x:1> BREAK e : 2";
    Prompt prompt = PromptSyntax.PLAIN.parse(text);
    assertThat(prompt.parts()).containsExactly(new SubPrompt(text, 1, PromptSyntax.PLAIN));
    assertThat(prompt.loras()).isEmpty();
    SubPrompt part = prompt.parts().getFirst();
    PromptSchedule schedule = part.schedule(Pass.first(4));
    assertThat(schedule.stages()).containsExactly(new PromptSchedule.Stage(4, text));
    assertThat(part.fragments(schedule.at(0), Emphasis.ORIGINAL))
        .containsExactly(new Fragment.Words(text, 1));
  }

  @Test
  void negativePromptsAreOnePart() {
    SubPrompt negative = PromptSyntax.A1111.parseNegative("bad AND [worse:2] <lora:x:1>");
    assertThat(negative.schedule(Pass.first(4)).stages())
        .containsExactly(
            new PromptSchedule.Stage(2, "bad AND  <lora:x:1>"),
            new PromptSchedule.Stage(4, "bad AND worse <lora:x:1>"));
  }

  @Test
  void emphasisSaysWhatWeightsDo() {
    assertThat(Emphasis.NONE.fragments("(a) b")).isEqualTo(words("(a) b"));
    assertThat(Emphasis.IGNORE.fragments("(a) b")).isEqualTo(words("a", " b"));
    assertThat(Emphasis.NO_NORM.fragments("(a) b"))
        .isEqualTo(List.of(new Fragment.Words("a", 1.1), new Fragment.Words(" b", 1)));
    assertThat(Emphasis.named("no-norm")).isEqualTo(Emphasis.NO_NORM);
    assertThatThrownBy(() -> Emphasis.named("much"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("emphasis must be one of None, Ignore, Original, No norm: much");
  }

  @Test
  @Timeout(10)
  void longRunsOfSignsTakeLittleTime() {
    for (String piece : List.of("<", "<a:", "<lora:", ">", "AND ", " ", ":1", "<a:>")) {
      assertThat(PromptSyntax.A1111.parse(piece.repeat(100_000)).parts()).isNotEmpty();
    }
  }

  private static SubPrompt part(String text, double weight) {
    return new SubPrompt(text, weight, PromptSyntax.A1111);
  }

  private static List<Fragment> words(String... texts) {
    return Arrays.stream(texts).<Fragment>map(text -> new Fragment.Words(text, 1)).toList();
  }
}
