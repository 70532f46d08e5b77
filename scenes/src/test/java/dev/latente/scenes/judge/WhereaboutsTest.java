package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WhereaboutsTest {
  @Test
  void aThingIsSharedAmongTheCellsItCovers() {
    boolean[] mask = new boolean[8 * 8];
    mask[0] = true; // the first cell of four
    mask[3 * 8 + 3] = true;
    mask[3 * 8 + 4] = true; // the second
    mask[7 * 8 + 1] = true; // the third
    assertThat(Whereabouts.of(mask, 8, 4).shares()).containsExactly(0.5f, 0.25f, 0.25f, 0);
  }

  @Test
  void aHiddenThingIsNowhere() {
    assertThat(Whereabouts.of(new boolean[8 * 8], 8, 4).shares()).containsOnly(0);
  }
}
