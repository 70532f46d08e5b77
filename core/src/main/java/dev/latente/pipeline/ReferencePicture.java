package dev.latente.pipeline;

import dev.latente.image.Picture;
import java.util.Map;
import java.util.Optional;

/// A picture that a model looks at beside the text.
///
/// @param model the reference model, which must have been opened for the model that draws; without
///   one, the model looks through its own attention
/// @param picture of any size; a reference model sees its middle square, a model alone as much as
///   fits into the size that is drawn
/// @param weight how much it is heeded, 0 (not at all) to 10; 1 is what a reference model was
///   trained with. Without one, the share of the attentions that look at it, so 1 is the most
/// @param blocks which parts of the U-Net heed it, by how their names begin, such as
///   `up_blocks.1.attentions.0`, with a factor for each; the longest beginning counts, and parts
///   that are not named do not heed it; all do if it is empty
public record ReferencePicture(
    Optional<ReferenceModel> model, Picture picture, double weight, Map<String, Double> blocks) {
  /// The greatest weight: far past what gives pictures.
  public static final double MAX_WEIGHT = 10;

  public ReferencePicture {
    requireWeight(weight);
    blocks = Map.copyOf(blocks);
    if (model.isEmpty() && !blocks.isEmpty()) {
      throw new IllegalArgumentException(
          "blocks are for pictures with a reference model: none was given");
    }
    for (Map.Entry<String, Double> block : blocks.entrySet()) {
      double factor = block.getValue();
      if (!(factor >= 0 && factor <= MAX_WEIGHT)) {
        throw new IllegalArgumentException(
            "the factor of %s must be from 0 to %.0f: %s"
                .formatted(block.getKey(), MAX_WEIGHT, factor));
      }
      if (!model.orElseThrow().knows(block.getKey())) {
        throw new IllegalArgumentException(
            "a block must be the beginning of a name such as %s: '%s'"
                .formatted(model.orElseThrow().attentions().getFirst(), block.getKey()));
      }
    }
  }

  /// Checks a weight.
  ///
  /// @throws IllegalArgumentException if it is out of its range
  public static void requireWeight(double weight) {
    if (!(weight >= 0 && weight <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "the weight of a reference picture must be from 0 to %.0f: %s"
              .formatted(MAX_WEIGHT, weight));
    }
  }

  /// A picture of weight 1 that the whole network heeds.
  public static ReferencePicture of(ReferenceModel model, Picture picture) {
    return new ReferencePicture(Optional.of(model), picture, 1, Map.of());
  }

  /// A picture of weight 1 for a model that looks by itself.
  public static ReferencePicture of(Picture picture) {
    return new ReferencePicture(Optional.empty(), picture, 1, Map.of());
  }

  /// The same with another weight.
  public ReferencePicture withWeight(double other) {
    return new ReferencePicture(model, picture, other, blocks);
  }

  /// The same for some parts of the network.
  public ReferencePicture withBlocks(Map<String, Double> factors) {
    return new ReferencePicture(model, picture, weight, factors);
  }

  /// How much the attention called `name` heeds it.
  double weight(String name) {
    if (blocks.isEmpty()) {
      return weight;
    }
    String longest = "";
    double factor = 0;
    for (Map.Entry<String, Double> block : blocks.entrySet()) {
      if (ReferenceModel.isIn(name, block.getKey()) && block.getKey().length() > longest.length()) {
        longest = block.getKey();
        factor = block.getValue();
      }
    }
    return weight * factor;
  }
}
