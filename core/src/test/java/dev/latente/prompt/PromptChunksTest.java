package dev.latente.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Words are numbers here; 1000 begins a chunk, 1001 ends it, 1002 is a comma.
class PromptChunksTest {
  private static final int START = 1000;
  private static final int END = 1001;
  private static final int COMMA = 1002;
  private static final ChunkLayout CLIP =
      ChunkLayout.clip(START, END, END, PromptChunksTest::tokens);

  @Test
  void aShortPromptIsOneChunk() {
    PromptChunk chunk = only(chunks("7 8", CLIP));
    assertThat(chunk.tokens()).hasSize(77).startsWith(START, 7, 8, END, END).endsWith(END);
    assertThat(chunk.weighted()).isFalse();
  }

  @Test
  void anEmptyPromptIsAnEmptyChunk() {
    assertThat(only(chunks("", CLIP)).tokens()).hasSize(77).startsWith(START, END, END);
  }

  @Test
  void paddingIsTheLayouts() {
    ChunkLayout openClip = ChunkLayout.clip(START, END, 0, PromptChunksTest::tokens);
    assertThat(only(chunks("7 8", openClip)).tokens())
        .startsWith(START, 7, 8, END, 0)
        .endsWith(0, 0);
    assertThat(only(chunks(count(1, 75), openClip)).tokens()).endsWith(74, 75, END);
  }

  @Test
  void everyTokenHasItsWeight() {
    PromptChunk chunk = only(chunks("1 (2 3:1.5) [4]", CLIP));
    assertThat(chunk.weights()).startsWith(1, 1, 1.5f, 1.5f, (float) (1 / 1.1), 1).hasSize(77);
    assertThat(chunk.weighted()).isTrue();
  }

  @Test
  void promptsAreAsLongAsTheyLike() {
    List<PromptChunk> chunks = chunks(count(1, 200), CLIP).chunks();
    assertThat(chunks).hasSize(3);
    assertThat(words(chunks)).isEqualTo(IntStream.rangeClosed(1, 200).boxed().toList());
    assertThat(chunks.get(1).tokens()).hasSize(77).startsWith(START, 76).endsWith(150, END);
    assertThat(chunks(count(1, 75), CLIP).chunks()).hasSize(1);
    assertThat(chunks(count(1, 76), CLIP).chunks()).hasSize(2);
  }

  @Test
  void whatFollowsANearCommaMovesOn() {
    PromptChunks near = chunks(count(1, 55) + " , " + count(57, 80), CLIP);
    assertThat(near.chunks().get(0).tokens()).containsSequence(55, COMMA, END, END);
    assertThat(near.chunks().get(1).tokens()).startsWith(START, 57, 58);
    PromptChunks far = chunks(count(1, 54) + " , " + count(56, 80), CLIP);
    assertThat(far.chunks().get(1).tokens()).startsWith(START, 76, 77);
    PromptChunks again = chunks(count(1, 74) + " , " + count(76, 80), CLIP);
    assertThat(again.chunks().get(0).tokens()).endsWith(74, COMMA, END);
    PromptChunks first = chunks(count(1, 75) + " , " + count(77, 80), CLIP);
    assertThat(first.chunks().get(1).tokens()).startsWith(START, COMMA, 77);
  }

  @Test
  void wordsThatMoveOnKeepTheirWeights() {
    PromptChunks chunks = chunks(count(1, 70) + " , (72 73) " + count(74, 80), CLIP);
    assertThat(chunks.chunks().get(1).tokens()).startsWith(START, 72, 73, 74);
    assertThat(chunks.chunks().get(1).weights()).startsWith(1, 1.1f, 1.1f, 1);
    assertThat(chunks.chunks().get(0).weighted()).isFalse();
  }

  @Test
  void breakBeginsAChunk() {
    PromptChunks chunks = chunks("1 2 BREAK 3", CLIP);
    assertThat(chunks.chunks()).hasSize(2);
    assertThat(chunks.chunks().get(1).tokens()).startsWith(START, 3, END);
    assertThat(chunks("1 BREAK", CLIP).chunks()).hasSize(1);
    assertThat(chunks("BREAK BREAK 1", CLIP).chunks()).hasSize(3);
  }

  @Test
  void shorterPromptsArePaddedWithEmptyChunks() {
    PromptChunks padded = chunks("1", CLIP).paddedTo(3);
    assertThat(padded.chunks()).hasSize(3);
    assertThat(padded.chunks().get(2).tokens()).startsWith(START, END, END);
    assertThatThrownBy(() -> padded.paddedTo(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be at least that of the chunks, 3: 2");
  }

  @Test
  void learnedWordsTakeTheirNamesPlace() {
    LearnedWord two = new LearnedWord(new int[] {5, 6}, new int[] {2000, 2001, 2002});
    LearnedWord one = new LearnedWord(new int[] {5}, new int[] {3000});
    PromptChunks chunks =
        PromptChunks.of(
            Attention.parse("4 (5 6:1.5) 5 7"), PromptChunksTest::tokens, CLIP, List.of(one, two));
    assertThat(only(chunks).tokens()).startsWith(START, 4, 2000, 2001, 2002, 3000, 7, END);
    assertThat(only(chunks).weights()).startsWith(1, 1, 1.5f, 1.5f, 1.5f, 1, 1);
  }

  @Test
  void learnedWordsAreNotTornApart() {
    LearnedWord word = new LearnedWord(new int[] {500}, new int[] {2000, 2001, 2002});
    PromptChunks chunks =
        PromptChunks.of(
            Attention.parse(count(1, 73) + " 500 9"),
            PromptChunksTest::tokens,
            CLIP,
            List.of(word));
    assertThat(chunks.chunks().get(0).tokens()).endsWith(73, END, END, END);
    assertThat(chunks.chunks().get(1).tokens()).startsWith(START, 2000, 2001, 2002, 9, END);
    LearnedWord long76 = new LearnedWord(new int[] {5}, new int[76]);
    assertThatThrownBy(() ->
            PromptChunks.of(Attention.parse("5"), PromptChunksTest::tokens, CLIP, List.of(long76)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a learned word must fit into a chunk of 75 tokens: 76");
  }

  private static PromptChunks chunks(String text, ChunkLayout layout) {
    return PromptChunks.of(Attention.parse(text), PromptChunksTest::tokens, layout);
  }

  private static PromptChunk only(PromptChunks chunks) {
    assertThat(chunks.chunks()).hasSize(1);
    return chunks.chunks().getFirst();
  }

  private static List<Integer> words(List<PromptChunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> Arrays.stream(chunk.tokens()).boxed())
        .filter(token -> token < START)
        .toList();
  }

  private static String count(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private static int[] tokens(String text) {
    return Arrays.stream(text.strip().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .mapToInt(word -> word.equals(",") ? COMMA : Integer.parseInt(word))
        .toArray();
  }
}
