package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TonesTest {
  private static final double ROUNDING = 1e-4; // f32, and the constant beside the variance

  /// By hand: 1 3 has mean 2 and deviation 1, 10 14 has 12 and 2, so 0 4 (2 and 2) becomes 10 14.
  @Test
  void anEstimateTakesOnMeanAndDeviation() {
    try (Scope _ = Scope.open()) {
      Tensor seen = Tensor.of(new float[] {10, 14}, 1, 1, 1, 2);
      Tensor estimate = Tensor.of(new float[] {1, 3, 0, 4}, 2, 1, 1, 2);
      float[] all = new Tones(seen, 1).given(estimate).toFloatArray();
      float[] half = new Tones(seen, 0.5).given(estimate).toFloatArray();
      float[] wanted = {10, 14, 10, 14};
      float[] given = {1, 3, 0, 4};
      for (int i = 0; i < 4; i++) {
        assertThat((double) all[i]).isCloseTo(wanted[i], within(ROUNDING));
        assertThat((double) half[i]).isCloseTo((wanted[i] + given[i]) / 2, within(ROUNDING));
      }
    }
  }

  /// Two pictures count as much as each other.
  @Test
  void ofSeveralPicturesTheMeanCounts() {
    try (Scope _ = Scope.open()) {
      Tensor seen = Tensor.of(new float[] {10, 14, -6, 2}, 2, 1, 1, 2); // 12 and 2, -2 and 4
      float[] toned =
          new Tones(seen, 1).given(Tensor.of(new float[] {1, 3}, 1, 1, 1, 2)).toFloatArray();
      assertThat((double) toned[0]).isCloseTo(5 - 3, within(ROUNDING));
      assertThat((double) toned[1]).isCloseTo(5 + 3, within(ROUNDING));
    }
  }

  @Test
  void aPictureOfNoWeightGivesNoColours() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1")) {
      ImageRequest.Builder request = model.request("a boat").size(48, 48).steps(2).seed(3);
      Picture plain = model.generate(request.build()).getFirst().picture();
      ReferencePicture look = ReferencePicture.of(Picture.black(48, 48));
      request.reference(ReferenceOptions.usual().withColours(1));
      request.references(List.of(look.withWeight(0)));
      assertThat(model.generate(request.build()).getFirst().picture()).isEqualTo(plain);
      request.references(List.of(look));
      Picture toned = model.generate(request.build()).getFirst().picture();
      assertThat(toned).isNotEqualTo(plain);
    }
  }
}
