package dev.latente.pipeline;

import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.InnerFeatures;
import dev.latente.unet.Residuals;
import dev.latente.unet.UNet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Decides which evaluations of a run go through the whole network, and keeps what its inner levels
/// made for the others: see [Shortcuts].
///
/// An evaluation is what a sampler asks once, and may be several calls of the network: for texts of
/// other lengths, or without the picture that is changed. Each call has features of its own. An
/// evaluation is whole, whatever the interval says, if it is asked something else than the last
/// one, or if there is more noise than before.
///
/// Holds native memory until [#close]; not thread-safe.
final class StepCache implements AutoCloseable {
  private final int interval;
  private final List<InnerFeatures> calls = new ArrayList<>();
  private Optional<Asked> last = Optional.empty();
  private int since; // evaluations from the last whole one on
  private int call; // the next of the evaluation
  private boolean whole;

  /// What an evaluation asks.
  ///
  /// @param guided whether it is asked without the prompt, too
  /// @param controls what acts beside it
  private record Asked(Question question, boolean guided, List<?> controls, double timestep) {
    boolean goesOnFrom(Asked before) {
      return question == before.question
          && guided == before.guided
          && controls.equals(before.controls)
          && timestep <= before.timestep;
    }
  }

  /// @param interval every how many evaluations one is whole; 1 if all are
  StepCache(int interval) {
    this.interval = interval;
  }

  /// Begins an evaluation at `timestep`.
  void begin(Question question, boolean guided, List<?> controls, double timestep) {
    Asked asked = new Asked(question, guided, controls, timestep);
    boolean goesOn = since < interval && last.filter(asked::goesOnFrom).isPresent();
    since = goesOn ? since + 1 : 1;
    whole = !goesOn;
    last = Optional.of(asked);
    call = 0;
    if (whole) {
      close();
    }
  }

  /// The output of `network` for `x` `[N, C, H, W]`, in the evaluation's next call.
  ///
  /// @param residuals what other networks add; not asked where the whole network is not
  Tensor predict(
      UNet network, Tensor x, Tensor timesteps, Conditioning told, Supplier<Residuals> residuals) {
    if (interval == 1) {
      return network.predict(x, timesteps, told, residuals.get());
    }
    if (whole) {
      InnerFeatures kept = new InnerFeatures();
      calls.add(kept);
      return network.predictKeeping(x, timesteps, told, residuals.get(), kept);
    }
    return network.predictOutermost(x, timesteps, told, calls.get(call++));
  }

  /// Frees what is kept.
  @Override
  public void close() {
    calls.forEach(InnerFeatures::close);
    calls.clear();
  }
}
