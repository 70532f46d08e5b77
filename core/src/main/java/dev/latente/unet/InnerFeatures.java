package dev.latente.unet;

import dev.latente.tensor.Tensor;
import java.util.Optional;

/// What a U-Net's inner levels made of noisy latents, to be used again at the next noise levels:
/// [Ma et al. (2023)](https://arxiv.org/abs/2312.00858), "DeepCache". These features change slowly
/// from step to step, and most of the work is in them.
///
/// Holds native memory until [#close]; not thread-safe.
public final class InnerFeatures implements AutoCloseable {
  private Optional<Kept> kept = Optional.empty();

  /// What is kept.
  ///
  /// @param h what the outermost layers of the way up begin with, `[N, C, H, W]`
  /// @param residuals what other networks added at the time
  record Kept(Tensor h, Residuals residuals) {}

  /// Nothing yet.
  public InnerFeatures() {}

  /// Whether there is something.
  public boolean isPresent() {
    return kept.isPresent();
  }

  /// Takes `h` in place of what was kept.
  void keep(Tensor h, Residuals residuals) {
    close();
    kept = Optional.of(new Kept(h.retain(), residuals.map(Tensor::retain)));
  }

  Kept kept() {
    return kept.orElseThrow(() -> new IllegalStateException("no features were kept yet"));
  }

  /// Frees what is kept.
  @Override
  public void close() {
    kept.ifPresent(features -> {
      features.h().release();
      features.residuals().skips().forEach(Tensor::release);
      features.residuals().middle().ifPresent(Tensor::release);
      features.residuals().levels().forEach(Tensor::release);
    });
    kept = Optional.empty();
  }
}
