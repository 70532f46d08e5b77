package dev.latente.depth;

import dev.latente.nn.LayerNorm;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What sees the picture.
///
/// @param bit the convolutional network below the transformer, if there is one
/// @param layers of the transformer, as far as their features are used
/// @param norm that the features go through, if any
/// @param used the layers whose features are used, counted from 0
record Backbone(
    Optional<BitNetwork> bit,
    VitTokens tokens,
    List<VitLayer> layers,
    Optional<LayerNorm> norm,
    List<Integer> used) {
  private static final int COLOURS = 3;

  /// What a backbone gives.
  ///
  /// @param maps feature maps `[N, C, h, w]` of the convolutional network
  /// @param tokens features of the transformer's layers, `[N, 1 + h·w, D]`
  /// @param height patches from top to bottom
  /// @param width patches from left to right
  record Features(List<Tensor> maps, List<Tensor> tokens, long height, long width) {}

  static Backbone of(Weights weights, BackboneConfig config) {
    VitConfig vit = config.vit();
    Weights embeddings = weights.at("embeddings");
    List<VitLayer> layers =
        IntStream.range(0, vit.layers())
            .mapToObj(i -> VitLayer.of(weights.at("encoder.layer").at(i), vit))
            .toList();
    return switch (config) {
      case BackboneConfig.Plain plain ->
          new Backbone(
              Optional.empty(),
              VitTokens.of(embeddings, vit, COLOURS, vit.patchSize()),
              layers,
              plain.normalised()
                  ? Optional.of(
                      LayerNorm.of(weights.at("layernorm"), vit.hiddenSize(), vit.layerNormEps()))
                  : Optional.empty(),
              plain.layers());
      case BackboneConfig.Hybrid hybrid -> {
        int stage = hybrid.bit().depths().size() - 1;
        int last = BitNetwork.Bottleneck.even(hybrid.bit().hiddenSizes().get(stage));
        yield new Backbone(
            Optional.of(BitNetwork.of(weights.at("bit"), hybrid.bit())),
            VitTokens.of(embeddings, vit, last, 1),
            layers,
            Optional.empty(),
            hybrid.layers());
      }
    };
  }

  /// The features of pictures `[N, 3, H, W]`.
  Features forward(Tensor x) {
    List<Tensor> maps = bit.map(network -> network.forward(x)).orElse(List.of());
    Tensor seen = maps.isEmpty() ? x : maps.getLast();
    Tensor h = tokens.forward(seen);
    List<Tensor> features = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      h = layers.get(i).forward(h);
      if (used.contains(i)) {
        Tensor output = h;
        features.add(norm.map(layer -> layer.forward(output)).orElse(output));
      }
    }
    int kernel = tokens.projection().stride();
    return new Features(
        maps.isEmpty() ? maps : maps.subList(0, maps.size() - 1),
        features,
        seen.size(2) / kernel,
        seen.size(3) / kernel);
  }
}
