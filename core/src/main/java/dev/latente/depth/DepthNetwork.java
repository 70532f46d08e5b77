package dev.latente.depth;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.FeatureMaps.Interpolation;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A dense prediction transformer that estimates depth: DPT ([Ranftl et al.
/// (2021)](https://arxiv.org/abs/2103.13413)) and Depth Anything ([Yang et al.
/// (2024)](https://arxiv.org/abs/2406.09414)).
///
/// Names follow transformers' `DepthAnythingForDepthEstimation`.
public final class DepthNetwork {
  private static final int NECK_KERNEL = 3;

  private final DepthConfig config;
  private final Backbone backbone;
  private final List<Reassembly> reassemblies = new ArrayList<>(); // of the last maps
  private final List<Tensor> convs = new ArrayList<>();
  private final List<FusionLayer> fusions = new ArrayList<>();
  private final Conv2d conv1;
  private final Conv2d conv2;
  private final Conv2d conv3;

  private DepthNetwork(Weights weights, DepthConfig config) {
    this.config = config;
    backbone = Backbone.of(weights.at("backbone"), config.backbone());
    Weights neck = weights.at("neck");
    int fused = config.fusionSize();
    int ready = config.neckSizes().size() - backbone.used().size();
    for (int i = 0; i < config.neckSizes().size(); i++) {
      int width = config.neckSizes().get(i);
      if (i >= ready) {
        reassemblies.add(Reassembly.of(neck.at("reassemble_stage"), config, i));
      }
      Init init = Init.fanIn((long) width * NECK_KERNEL * NECK_KERNEL);
      convs.add(
          neck.at("convs").at(i).tensor("weight", init, fused, width, NECK_KERNEL, NECK_KERNEL));
      fusions.add(FusionLayer.of(neck.at("fusion_stage.layers").at(i), fused));
    }
    Weights head = weights.at("head");
    conv1 = Conv2d.of(head.at("conv1"), fused, fused / 2, 3);
    conv2 = Conv2d.of(head.at("conv2"), fused / 2, config.headSize(), 3);
    conv3 = Conv2d.of(head.at("conv3"), config.headSize(), 1, 1);
  }

  /// Builds the network of `config` from `weights`.
  public static DepthNetwork of(Weights weights, DepthConfig config) {
    return new DepthNetwork(weights, config);
  }

  /// The sizes it was built with.
  public DepthConfig config() {
    return config;
  }

  /// What the network makes of pictures, as [DepthConfig#unit] says.
  ///
  /// @param x normalised pictures `[N, 3, H, W]`, sides multiples of a patch's
  /// @return `[N, 1, h, w]`, not negative; usually of the pictures' size
  public Tensor forward(Tensor x) {
    return head(fused(maps(x)), x);
  }

  /// As [#forward], freeing all but the result; for use, not for training.
  public Tensor predict(Tensor x) {
    return Scope.tidy(() -> forward(x));
  }

  /// The feature maps, the finest first, with as many channels as they are fused with.
  private List<Tensor> maps(Tensor x) {
    Backbone.Features features = backbone.forward(x);
    List<Tensor> maps = new ArrayList<>(features.maps());
    for (int i = 0; i < reassemblies.size(); i++) {
      maps.add(
          reassemblies
              .get(i)
              .forward(features.tokens().get(i), features.height(), features.width()));
    }
    List<Tensor> narrowed = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      Tensor padded = maps.get(i).pad(1, 1, 1, 1);
      narrowed.add(FeatureMaps.convolution(padded, convs.get(i), 1));
    }
    return narrowed;
  }

  private Tensor fused(List<Tensor> maps) {
    List<Tensor> coarsest = maps.reversed();
    Tensor h = coarsest.getFirst();
    for (int i = 0; i < coarsest.size(); i++) {
      boolean like = config.fusion() == DepthConfig.Fusion.LIKE_NEXT && i < coarsest.size() - 1;
      long height = like ? coarsest.get(i + 1).size(2) : 2 * h.size(2);
      long width = like ? coarsest.get(i + 1).size(3) : 2 * h.size(3);
      h =
          i == 0
              ? fusions.get(i).forward(h, height, width)
              : fusions.get(i).forward(h, coarsest.get(i), height, width);
    }
    return h;
  }

  private Tensor head(Tensor fused, Tensor picture) {
    Tensor h = conv1.forward(fused);
    int patch = config.backbone().vit().patchSize();
    h =
        switch (config.fusion()) {
          case TWICE ->
              FeatureMaps.resize(h, 2 * h.size(2), 2 * h.size(3), Interpolation.BILINEAR_CORNERS);
          case LIKE_NEXT ->
              FeatureMaps.resize(
                  h,
                  picture.size(2) / patch * patch,
                  picture.size(3) / patch * patch,
                  Interpolation.BILINEAR_CORNERS);
        };
    Tensor depth = conv3.forward(conv2.forward(h).relu());
    return switch (config.unit()) {
      case DepthConfig.Unit.Nearness _ -> depth.relu();
      case DepthConfig.Unit.Metres(double most) -> depth.sigmoid().times(most);
    };
  }
}
