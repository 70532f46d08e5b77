package dev.latente.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The weights are those that A1111's documentation of the grammar states, to the last bit.
class AttentionTest {
  private static final Fragment BREAK = new Fragment.Break();

  @Test
  void textWithoutBracketsWeighsOne() {
    assertThat(Attention.parse("normal text")).containsExactly(words("normal text", 1));
    assertThat(Attention.parse("")).containsExactly(words("", 1));
  }

  @Test
  void roundBracketsWeighATenthMore() {
    assertThat(Attention.parse("an (important) word"))
        .containsExactly(words("an ", 1), words("important", 1.1), words(" word", 1));
  }

  @Test
  void squareBracketsDivideByAsMuch() {
    assertThat(Attention.parse("[faint]")).containsExactly(words("faint", 1 / 1.1));
    assertThat(Attention.parse("[[faint:1.3]]"))
        .containsExactly(words("faint:1.3", 1 / 1.1 * (1 / 1.1)));
  }

  @Test
  void openBracketsActToTheEnd() {
    assertThat(Attention.parse("(unbalanced")).containsExactly(words("unbalanced", 1.1));
    assertThat(Attention.parse("a [b (c"))
        .containsExactly(words("a ", 1), words("b ", 1 / 1.1), words("c", 1.1 * (1 / 1.1)));
  }

  @Test
  void closingBracketsThatCloseNothingAreText() {
    assertThat(Attention.parse("a) b] :1.2)")).containsExactly(words("a) b] :1.2)", 1));
  }

  @Test
  void aBackslashMakesBracketsText() {
    assertThat(Attention.parse("\\(literal\\]")).containsExactly(words("(literal]", 1));
    assertThat(Attention.parse("a\\\\b\\c\\")).containsExactly(words("a\\bc", 1));
  }

  @Test
  void neighboursOfOneWeightAreJoined() {
    assertThat(Attention.parse("(unnecessary)(parens)"))
        .containsExactly(words("unnecessaryparens", 1.1));
  }

  @Test
  void nestedWeightsMultiply() {
    assertThat(Attention.parse("a (((house:1.3)) [on] a (hill:0.5), sun, (((sky)))."))
        .containsExactly(
            words("a ", 1),
            words("house", 1.5730000000000004),
            words(" ", 1.1),
            words("on", 1),
            words(" a ", 1.1),
            words("hill", 0.55),
            words(", sun, ", 1.1),
            words("sky", 1.4641000000000006),
            words(".", 1.1));
  }

  @Test
  void roundAndSquareBracketsMayCross() {
    assertThat(Attention.parse("(a [b) c]"))
        .containsExactly(words("a ", 1.1), words("b", 1.1 * (1 / 1.1)), words(" c", 1 / 1.1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(x:1.3)", "(x: 1.3 )", "(x:+1.3)", "(x:1.30)"})
  void weightsMayBeWrittenInManyWays(String text) {
    assertThat(Attention.parse(text)).containsExactly(words("x", 1.3));
  }

  @Test
  void weightsMayBeNegativeOrWithoutDigitsBeforeThePoint() {
    assertThat(Attention.parse("(x:-.5)")).containsExactly(words("x", -0.5));
    assertThat(Attention.parse("(x:2.)")).containsExactly(words("x", 2));
  }

  @Test
  void aWeightThatIsNoNumberIsText() {
    assertThat(Attention.parse("(x:1.2.3)")).containsExactly(words("x:1.2.3", 1.1));
    assertThat(Attention.parse("(x:.)")).containsExactly(words("x:.", 1.1));
  }

  @Test
  void breakTakesItsBlanksWithIt() {
    assertThat(Attention.parse("a \n BREAK  b"))
        .containsExactly(words("a", 1), BREAK, words("b", 1));
    assertThat(Attention.parse("BREAK BREAKS BREAK"))
        .containsExactly(BREAK, words("BREAKS", 1), BREAK);
    assertThat(Attention.parse("(a BREAK b)"))
        .containsExactly(words("a", 1.1), BREAK, words("b", 1.1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "([", "(a", "[a:", "(a BREAK ", ":", "\\", ")", ": ", " "})
  @Timeout(10)
  void longRunsOfSignsTakeLittleTimeAndNoStack(String piece) {
    assertThat(Attention.parse(piece.repeat(100_000))).isNotEmpty();
  }

  @Test
  @Timeout(10)
  void nestedBracketsHaveABound() {
    String text = "(".repeat(10_000) + "x" + ")".repeat(10_000) + "y";
    List<Fragment> fragments = Attention.parse(text);
    assertThat(fragments).hasSize(2);
    assertThat(((Fragment.Words) fragments.getFirst()).weight())
        .isCloseTo(Math.pow(1.1, 100), withinPercentage(1e-9));
  }

  private static Fragment words(String text, double weight) {
    return new Fragment.Words(text, weight);
  }
}
