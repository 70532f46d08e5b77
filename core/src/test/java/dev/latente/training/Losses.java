package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Keeps the loss of each step of a training that nobody stops.
final class Losses implements TrainingListener {
  final List<Double> values = new ArrayList<>();

  @Override
  public void onPrepared(int done, int count) {
    assertThat(done).isLessThanOrEqualTo(count);
  }

  @Override
  public void onStep(TrainingProgress progress) {
    values.add(progress.loss());
  }

  @Override
  public void onSamples(long step, BufferedImage sheet) {
    assertThat(sheet.getWidth()).isPositive();
  }

  @Override
  public boolean stopRequested() {
    return false;
  }
}
