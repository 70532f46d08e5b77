package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.tensor.OperationKind;
import dev.latente.tensor.OperationProfile;

/// The work that a request was.
///
/// @param picture the first
/// @param convolutions the multiplications and additions in convolutions, of the U-Net and of the
///   decoder, which is the same for each picture of a size
record NetworkWork(Picture picture, double convolutions) {
  static NetworkWork of(TextToImage model, ImageRequest.Builder request) {
    ImageRequest built = request.build();
    try (OperationProfile profile = OperationProfile.start()) {
      Picture picture = model.generate(built).getFirst().picture();
      double work =
          profile.lap().stream()
              .filter(cost -> cost.kind() == OperationKind.CONVOLUTION)
              .mapToDouble(cost -> cost.flops())
              .sum();
      return new NetworkWork(picture, work);
    }
  }

  /// Where this lies between `least`, which is 0, and `most`, which is 1.
  double between(NetworkWork least, NetworkWork most) {
    return (convolutions - least.convolutions) / (most.convolutions - least.convolutions);
  }
}
