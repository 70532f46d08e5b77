package dev.latente.pipeline;

import dev.latente.tensor.NoiseRecipe;
import java.util.ArrayList;
import java.util.List;

/// Pictures of a request that are computed together.
///
/// @param first the number of the first, counted from 0
/// @param requests of each alone
record PictureBatch(int first, List<ImageRequest> requests) {
  PictureBatch {
    requests = List.copyOf(requests);
  }

  /// All pictures of `request`, as many at once as it says; the last batch may have fewer.
  static List<PictureBatch> of(ImageRequest request) {
    List<PictureBatch> batches = new ArrayList<>();
    for (int first = 0; first < request.count(); first += request.batch()) {
      List<ImageRequest> requests = new ArrayList<>();
      for (int i = first; i < Math.min(first + request.batch(), request.count()); i++) {
        requests.add(request.picture(i));
      }
      batches.add(new PictureBatch(first, requests));
    }
    return batches;
  }

  /// How many pictures there are.
  int size() {
    return requests.size();
  }

  /// How the noise of each is drawn: of each its own stream, so that a picture does not depend on
  /// its neighbours.
  ///
  /// @param downscale pixels along each side of an element of the noise
  List<NoiseRecipe> recipes(int downscale) {
    return requests.stream()
        .map(request -> request.noise().recipe(request.seed(), downscale))
        .toList();
  }
}
