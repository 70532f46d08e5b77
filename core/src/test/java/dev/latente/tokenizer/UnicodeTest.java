package dev.latente.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Pairs of code points, which the reference files lack; each was tried with tokenizers 0.23.2.
class UnicodeTest {
  @Test
  void marksComposeWithTheirLetters() {
    assertThat(Unicode.compose("e\u0301 A\u030A \u1112\u1161\u11AB")).isEqualTo("é Å 한");
    assertThat(Unicode.compose("q\u0307\u0323")).isEqualTo("q\u0323\u0307");
  }

  @Test
  void lettersYoungerThanTheReferencesTablesDoNotCompose() {
    List<String> pairs =
        List.of(
            codePoints(0x105D2, 0x307),
            codePoints(0x11382, 0x113C9),
            codePoints(0x113C2, 0x113C2),
            codePoints(0x11935, 0x11930),
            codePoints(0x1611E, 0x1611E),
            codePoints(0x16121, 0x1611F),
            codePoints(0x16D67, 0x16D67));
    assertThat(pairs).allSatisfy(pair -> assertThat(Unicode.compose(pair)).isEqualTo(pair));
  }

  @Test
  void marksYoungerThanTheReferencesTablesKeepTheirPlace() {
    String young = codePoints('q', 0x301, 0x8D3); // Java puts the mark below first
    assertThat(Unicode.compose(young)).isEqualTo(young);
    String between = codePoints('e', 0x1ABF, 0x301);
    assertThat(Unicode.compose(between)).isEqualTo(between);
  }

  @Test
  void lowerCaseKnowsNoContext() {
    assertThat(Unicode.lowerCase("ΟΔΟΣ ΣΑΣ")).isEqualTo("οδοσ σασ");
    assertThat(Unicode.lowerCase("İI")).isEqualTo("i\u0307i");
    assertThat(Unicode.lowerCase("ẞ")).isEqualTo("ß");
    assertThat(Unicode.lowerCase(codePoints(0x10400, 0x16EA0)))
        .isEqualTo(codePoints(0x10428, 0x16EBB));
  }

  @Test
  void runsOfWhiteSpaceBecomeOneSpace() {
    assertThat(Unicode.collapseSpaces("a \t\u00a0\u2028\u3000b\u200bc\u001cd "))
        .isEqualTo("a b\u200bc\u001cd ");
  }

  @Test
  void halfPairsBecomeTheReplacementCharacter() {
    assertThat(Unicode.wellFormed("\uD83D\uDE00 \uD83D \uDE00\uD83D"))
        .isEqualTo("😀 \uFFFD \uFFFD\uFFFD");
    String sound = "no change 😀";
    assertThat(Unicode.wellFormed(sound)).isSameAs(sound);
  }

  private static String codePoints(int... codePoints) {
    return new String(codePoints, 0, codePoints.length);
  }
}
