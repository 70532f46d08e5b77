package dev.latente.model;

import dev.latente.depth.DepthInput;
import dev.latente.image.Resampling;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `preprocessor_config.json` of a depth estimator (`DPTImageProcessor`).
final class DepthInputJson {
  static final String FILE = "preprocessor_config.json";

  /// `IMAGENET_STANDARD_MEAN` and `IMAGENET_STANDARD_STD` of transformers.
  private static final List<Double> MIDDLE = List.of(0.5, 0.5, 0.5);

  private static final double TO_UNIT = 1 / 255.0;

  private DepthInputJson() {}

  static DepthInput read(ConfigReader json) {
    json.only("do_rescale", "true");
    json.only("do_normalize", "true");
    json.unset("do_pad");
    json.near("rescale_factor", TO_UNIT);
    return json.build(() -> {
      ConfigReader size = json.isObject("size") ? json.object("size") : json;
      String named = json.isObject("size") ? "height" : "size";
      int height = size.integer(named, 384);
      return new DepthInput(
          json.flag("do_resize", true),
          height,
          json.isObject("size") ? size.integer("width", height) : height,
          json.flag("keep_aspect_ratio", false),
          json.integer("ensure_multiple_of", 1),
          resampling(json),
          json.reals("image_mean", MIDDLE),
          json.reals("image_std", MIDDLE));
    });
  }

  /// The fields of `input`, as transformers writes them.
  static ObjectNode write(DepthInput input) {
    ObjectNode json = Json.object();
    json.put("do_normalize", true).put("do_pad", false).put("do_rescale", true);
    json.put("do_resize", input.resizes()).put("ensure_multiple_of", input.multiple());
    ArrayNode mean = json.putArray("image_mean");
    input.mean().forEach(mean::add);
    json.put("image_processor_type", "DPTImageProcessor");
    ArrayNode deviation = json.putArray("image_std");
    input.deviation().forEach(deviation::add);
    json.put("keep_aspect_ratio", input.keepsRatio()).put("resample", number(input.resampling()));
    json.put("rescale_factor", TO_UNIT);
    json.putObject("size").put("height", input.height()).put("width", input.width());
    return json;
  }

  private static int number(Resampling resampling) {
    return switch (resampling) {
      case NEAREST -> 0;
      case LANCZOS -> 1;
      case BILINEAR -> 2;
      case BICUBIC -> 3;
      case BOX -> 4;
    };
  }

  /// Pillow's numbers.
  private static Resampling resampling(ConfigReader json) {
    return switch (json.integer("resample", 3)) {
      case 0 -> Resampling.NEAREST;
      case 1 -> Resampling.LANCZOS;
      case 2 -> Resampling.BILINEAR;
      case 3 -> Resampling.BICUBIC;
      case 4 -> Resampling.BOX;
      default ->
          throw new IllegalArgumentException(
              "resample must be from 0 to 4: " + json.integer("resample", 3));
    };
  }
}
