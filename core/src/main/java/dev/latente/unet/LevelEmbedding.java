package dev.latente.unet;

import dev.latente.nn.Embedding;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning.TextTime;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import java.util.Optional;

/// One vector of the noise level and of all else that concerns the whole picture.
///
/// Its parts are added up; each residual block is told the sum. Names follow the diffusers
/// checkpoint (`UNet2DConditionModel`).
///
/// @param classEmbedding a table of classes, or of noise levels of a picture to enlarge
/// @param pictureEmbedding takes a picture's embedding
/// @param addEmbedding takes the pooled text, and sinusoids of the numbers beside it
record LevelEmbedding(
    UNetConfig config,
    TimestepEmbedding timeEmbedding,
    Optional<Embedding> classEmbedding,
    Optional<TimestepEmbedding> pictureEmbedding,
    Optional<TimestepEmbedding> addEmbedding) {
  /// A guidance scale is embedded as a timestep of this many times itself less 1: Meng et al.
  /// (2023), <https://arxiv.org/abs/2210.03142>, as in diffusers' `get_guidance_scale_embedding`.
  private static final double GUIDANCE_UNIT = 1000;

  static LevelEmbedding of(Weights weights, UNetConfig config) {
    int first = config.blockOutChannels().getFirst();
    int width = config.timeEmbedDim();
    TimestepEmbedding time =
        TimestepEmbedding.of(weights.at("time_embedding"), first, width, config.timeCondProjDim());
    Optional<Embedding> classes =
        config.numClassEmbeds().isEmpty()
            ? Optional.empty()
            : Optional.of(
                Embedding.of(
                    weights.at("class_embedding"),
                    config.numClassEmbeds().getAsInt(),
                    width,
                    Init.normal(1)));
    Optional<TimestepEmbedding> picture =
        switch (config.additionEmbed()) {
          case AdditionEmbed.None _, AdditionEmbed.TextTime _ -> Optional.empty();
          case AdditionEmbed.Picture(int in) ->
              Optional.of(TimestepEmbedding.of(weights.at("class_embedding"), in, width));
        };
    Optional<TimestepEmbedding> addition =
        switch (config.additionEmbed()) {
          case AdditionEmbed.None _, AdditionEmbed.Picture _ -> Optional.empty();
          case AdditionEmbed.TextTime(_, int in) ->
              Optional.of(TimestepEmbedding.of(weights.at("add_embedding"), in, width));
        };
    return new LevelEmbedding(config, time, classes, picture, addition);
  }

  /// The sum `[N, T]`, computed in the precision of `x`.
  ///
  /// @throws IllegalArgumentException if the network is told more or less than it needs
  Tensor forward(Tensor x, Tensor timesteps, Conditioning told) {
    int first = config.blockOutChannels().getFirst();
    Tensor sinusoids = sinusoids(timesteps, first).like(x);
    Tensor sum =
        both("a guidance scale", timeEmbedding.condProj(), told.guidance())
            ? timeEmbedding.forward(sinusoids, guidance(told.guidance().orElseThrow()).like(x))
            : timeEmbedding.forward(sinusoids);
    if (both("class labels", classEmbedding, told.labels())) {
      sum = sum.plus(classEmbedding.orElseThrow().forward(told.labels().orElseThrow()));
    }
    if (both("a picture's embedding", pictureEmbedding, told.picture())) {
      sum = sum.plus(pictureEmbedding.orElseThrow().forward(told.picture().orElseThrow().like(x)));
    }
    if (both("the pooled text and sizes", addEmbedding, told.textTime())) {
      Tensor added = addition(told.textTime().orElseThrow()).like(x);
      sum = sum.plus(addEmbedding.orElseThrow().forward(added));
    }
    return sum;
  }

  /// Scales `[N]` as `[N, timeCondProjDim]`.
  private Tensor guidance(Tensor scales) {
    Tensor w = scales.to(Precision.F32).plus(-1).times(GUIDANCE_UNIT);
    int width = config.timeCondProjDim().orElseThrow();
    return TimestepEmbedding.sinusoids(w, width, false, 1);
  }

  /// The pooled text and the numbers' sinusoids, side by side: `[N, inputDim]`.
  private Tensor addition(TextTime told) {
    int width =
        switch (config.additionEmbed()) {
          case AdditionEmbed.None _, AdditionEmbed.Picture _ -> 0;
          case AdditionEmbed.TextTime(int each, _) -> each;
        };
    Tensor numbers = sinusoids(told.ids().reshape(-1), width); // [N·6, width]
    Tensor pooled = told.pooled();
    return Tensor.concat(
        1, pooled.to(Precision.F32), numbers.reshape(pooled.size(0), -1)); // [N, P + 6·width]
  }

  private Tensor sinusoids(Tensor numbers, int width) {
    return TimestepEmbedding.sinusoids(
        numbers.to(Precision.F32), width, config.flipSinToCos(), config.freqShift());
  }

  private static boolean both(String what, Optional<?> needed, Optional<?> given) {
    if (needed.isPresent() != given.isPresent()) {
      throw new IllegalArgumentException(
          needed.isPresent()
              ? "this U-Net needs %s, found none".formatted(what)
              : "this U-Net does not take %s".formatted(what));
    }
    return needed.isPresent();
  }
}
