package dev.latente.sampling;

import dev.latente.tensor.NoiseStream;
import dev.latente.tensor.Tensor;
import java.util.List;

/// Where a sampler gets fresh noise from, if it needs any.
///
/// Streams are consumed: like [NoiseStream], one belongs to one thread.
@FunctionalInterface
public interface StepNoise {
  /// Standard normal noise in the shape of `x` and on its device.
  Tensor like(Tensor x);

  /// Noise from one stream for the whole batch, as diffusers with one generator.
  ///
  /// Hand over the stream that drew the first latents, and it continues as theirs does.
  static StepNoise of(NoiseStream stream) {
    return x -> stream.normal(x.shape()).to(x.device());
  }

  /// Noise from one stream for each picture of a batch, so that a picture does not depend on its
  /// neighbours.
  static StepNoise each(List<? extends NoiseStream> streams) {
    List<NoiseStream> copy = List.copyOf(streams);
    return x -> {
      long[] shape = x.shape();
      if (shape[0] != copy.size()) {
        throw new IllegalArgumentException(
            "a batch of %d needs as many noise streams: %d".formatted(shape[0], copy.size()));
      }
      shape[0] = 1;
      Tensor[] parts = copy.stream().map(stream -> stream.normal(shape)).toArray(Tensor[]::new);
      return Tensor.concat(0, parts).to(x.device());
    };
  }

  /// For samplers that draw none.
  ///
  /// @throws IllegalStateException when asked for noise
  static StepNoise none() {
    return _ -> {
      throw new IllegalStateException("this sampler draws noise: give it a stream");
    };
  }
}
