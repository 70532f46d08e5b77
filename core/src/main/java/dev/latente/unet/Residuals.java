package dev.latente.unet;

import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What other networks add to a U-Net's features, to guide it with a picture.
///
/// A list is empty where nothing is added.
///
/// @param skips added to what each layer of the way down leaves for the way up, the first layer's
///   first, `[N, C, H, W]` or `[N, C, 1, 1]`: ControlNet
/// @param middle added to what the bottom gives: ControlNet
/// @param levels added at the end of each level on the way down, `[N or 1, C, H, W]`: T2I-Adapter
public record Residuals(List<Tensor> skips, Optional<Tensor> middle, List<Tensor> levels) {
  /// Nothing is added.
  public static final Residuals NONE = new Residuals(List.of(), Optional.empty(), List.of());

  public Residuals {
    skips = List.copyOf(skips);
    levels = List.copyOf(levels);
  }

  /// Those of a ControlNet.
  public static Residuals ofSkips(List<Tensor> skips, Tensor middle) {
    return new Residuals(skips, Optional.of(middle), List.of());
  }

  /// Those of a T2I-Adapter.
  public static Residuals ofLevels(List<Tensor> levels) {
    return new Residuals(List.of(), Optional.empty(), levels);
  }

  /// The sum of both.
  ///
  /// @throws IllegalArgumentException if they are made for different networks
  public Residuals plus(Residuals other) {
    return new Residuals(
        sum("skips", skips, other.skips),
        middle.isPresent() && other.middle.isPresent()
            ? Optional.of(middle.get().plus(other.middle.get()))
            : middle.or(other::middle),
        sum("levels", levels, other.levels));
  }

  /// These, weaker or stronger.
  public Residuals times(double weight) {
    return weight == 1 ? this : map(tensor -> tensor.times(weight));
  }

  /// What `change` makes of each.
  public Residuals map(UnaryOperator<Tensor> change) {
    return new Residuals(
        skips.stream().map(change).toList(),
        middle.map(change),
        levels.stream().map(change).toList());
  }

  /// What the first layers left, with these added.
  List<Tensor> onSkips(List<Tensor> left) {
    if (skips.isEmpty()) {
      return left;
    }
    List<Tensor> sums = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      sums.add(left.get(i).plus(skips.get(i)));
    }
    return sums;
  }

  private static List<Tensor> sum(String what, List<Tensor> ones, List<Tensor> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      return ones.isEmpty() ? others : ones;
    }
    if (ones.size() != others.size()) {
      throw new IllegalArgumentException(
          "residuals to be added must be of one network: %d and %d %s"
              .formatted(ones.size(), others.size(), what));
    }
    List<Tensor> sums = new ArrayList<>();
    for (int i = 0; i < ones.size(); i++) {
      sums.add(ones.get(i).plus(others.get(i)));
    }
    return sums;
  }
}
